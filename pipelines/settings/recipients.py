"""Who receives the morning answer, and of which unit."""

from typing import Literal

from pydantic import Field

from pipelines.settings.delivery import Hour
from pipelines.settings.entry import Email, Entry, Key, Text

Locale = Literal["fr", "en"]


class RecipientEntry(Entry):
    """A recipient as written: the locale may be left to the file's."""

    id: Key = Field(description="Identifier of the recipient, for ever.")
    name: Text = Field(description="Name as it stands in the greeting.")
    unit: Text = Field(description="The unit whose answer is sent: a site, a region, the network.")
    email: Email | None = Field(
        default=None, description="Address of the mail; without one the summary is only written."
    )
    hour: Hour | None = Field(
        default=None, description="Hour of the mail, in the time zone of the unit; by default that of `delivery`."
    )
    locale: Locale | None = Field(default=None, description="Language of the summary; by default the file's.")


class Recipient(RecipientEntry):
    """A recipient with a language."""

    locale: Locale = "fr"
