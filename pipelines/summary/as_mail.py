"""The summary as a mail: mail programs know no variables, no grid and no drawings, so every style stands inline.

What they leave out is drawn with tables, which all of them know: Outlook since 2007, Gmail, phones.
"""

from __future__ import annotations

from pipelines.summary.as_html import environment
from pipelines.summary.page import Page

# The colours of the page in the light; a mail program in the dark turns them itself.
TONES = {
    "yes": "#0d6b47",
    "solid": "#0d6b47",
    "no": "#ad2b1d",
    "not_solid": "#ad2b1d",
    "mixed": "#845400",
    "not_enough": "#4c565f",
    "plain": "#4c565f",
}


def mail_html(page: Page) -> str:
    """A page already in words as the HTML of a mail; it links to nothing but the pages of alerts."""
    return environment().get_template("mail.html").render(page=page, tones=TONES)
