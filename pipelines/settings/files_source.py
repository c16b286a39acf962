"""A source of kind `files`: what somebody drops into a folder, a bucket or an SFTP server."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from pipelines.settings.entry import Text
from pipelines.settings.sources import Source


def _one_character(value: str) -> str:
    if len(value) != 1:
        raise ValueError("must be one character, as ';', ',' or \"\\t\"; or leave it out")
    return value


class FilesSource(Source):
    """Files that somebody drops into a folder, a bucket or an SFTP server."""

    kind: Literal["files"] = Field(default="files", description="Kind of source.")
    path: Text = Field(description="Files, as drops/*.csv or s3://bucket/drops/*.csv.")
    format: Literal["csv", "json", "jsonl", "parquet"] | None = Field(
        default=None, description="Format of the files; by default that of their suffix."
    )
    delimiter: Annotated[str, AfterValidator(_one_character)] | None = Field(
        default=None, description="Delimiter of CSV files; by default detected."
    )
    settle_seconds: float = Field(
        default=1.0, ge=0, le=3600, description="A file is taken when its size has not changed for so long."
    )
