"""The kinds of sources, and which one a block of the settings describes."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import ConfigDict, Field

from pipelines.settings.files_source import FilesSource
from pipelines.settings.rest_source import RestSource
from pipelines.settings.sources import Source

AnySource = FilesSource | RestSource
USUAL_KIND = "files"
KINDS: Mapping[str, type[Source]] = {USUAL_KIND: FilesSource, "rest": RestSource}


class UnknownKind(Source):
    """A block of no kind that we know: it only says so."""

    model_config = ConfigDict(extra="ignore")

    kind: Literal["files", "rest"] = Field(description="Kind of source.")


def source_model(block: Any) -> type[Source]:
    """The model of a source's block."""
    kind = block.get("kind") if isinstance(block, dict) else None
    return KINDS.get(str(kind or USUAL_KIND), UnknownKind)
