"""How names are found in clients' words; patterns (telephones, accounts, addresses) are always replaced."""

from typing import Literal

from pydantic import Field

from pipelines.settings.entry import Entry, Text


class Redaction(Entry):
    """Who looks for names."""

    names: Literal["list", "model", "off"] = Field(
        default="list",
        description="How names are found: by `list`, by a `model` (install the extra `names`), or not at all (`off`).",
    )
    model: Text = Field(
        default="fr_core_news_md", description="The spaCy pipeline that finds them: an installed one, or a folder."
    )
