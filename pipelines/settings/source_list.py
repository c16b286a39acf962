"""The list of sources, each with its place."""

from pipelines.settings.document import Document, KeyPath
from pipelines.settings.errors import Problems
from pipelines.settings.files_source import FilesSource
from pipelines.settings.kinds import source_model
from pipelines.settings.lists import read_list
from pipelines.settings.paths import located
from pipelines.settings.sources import Source
from pipelines.settings.units import WrittenUnits

PlacedSources = list[tuple[KeyPath, Source]]


def read_sources(document: Document, units: WrittenUnits, problems: Problems) -> PlacedSources:
    """Read the sources that can be read, each with its place."""
    if document.content.get("sources") == []:
        problems.add(document.place(("sources",)), "has no source; add one, or the answers come from nowhere")
    sources: PlacedSources = []
    for key, source in read_list(document, "sources", source_model, "name", problems):
        for code, unit_id in source.unit_codes.items():
            units.check(unit_id, document.place((*key, "unit_codes", code)), problems)
        if isinstance(source, FilesSource):
            path = located(source.path, document, (*key, "path"))
            source = source.model_copy(update={"path": path})  # noqa: PLW2901
        sources.append((key, source))
    return sources
