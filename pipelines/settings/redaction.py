"""How names are found in clients' words; patterns (telephones, accounts, addresses) are always replaced."""

from typing import Literal

from pydantic import Field

from pipelines.settings.entry import Entry, Text


class Redaction(Entry):
    """Who looks for names."""

    names: Literal["list", "model", "off"] = Field(
        default="list",
        description="How names are found: by `list`, by list and `model` (with the extra `names`), or `off`.",
    )
    model: Text = Field(
        default="fr_core_news_md", description="The spaCy pipeline of `names: model`: an installed one, or a folder."
    )
