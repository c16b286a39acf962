"""A message as a mail: the look of the morning answer, every style inline, nothing fetched from anywhere."""

from __future__ import annotations

from pathlib import Path

from pipelines.alerts.telling.message import Message
from pipelines.summary.as_html import environment

TEMPLATES = Path(__file__).parent / "templates"

LARGEST_MAIL = 100_000
"""Bytes of HTML: Gmail cuts what is longer than 102 kB."""

COLOURS = {1: "#4c565f", 2: "#845400", 3: "#ad2b1d"}
"""Of severities: those of the morning answer, dark enough to be read on white."""


def mail_html(message: Message) -> str:
    """The HTML of the mail."""
    return environment(TEMPLATES).get_template("alerts.html").render(message=message, colours=COLOURS)


def fits_mail(html: str) -> bool:
    """Whether mail programs show it whole."""
    return len(html.encode()) <= LARGEST_MAIL
