"""Clients, employees, contacts and invitations: what the sources of each side need from the rest of the settings."""

from collections.abc import Mapping

from pipelines.settings.declared import Declared
from pipelines.settings.document import Document
from pipelines.settings.errors import Place, Problems
from pipelines.settings.source_list import PlacedSources
from pipelines.settings.sources import Source

AUDIENCES: Mapping[str, str] = {"client": "clients", "employee": "employees"}


def check_sides(sources: PlacedSources, document: Document, declared: Declared, problems: Problems) -> None:
    """Check that each source asks those who answer, and that what it is joined to is there."""
    has_campaigns = document.block("pulse").get("campaigns_csv") is not None
    for key, source in sources:
        _check_questionnaire(source, document.place((*key, "questionnaire")), declared, problems)
        _check_client_source(source, document.place((*key, "client_source")), declared, problems)
        if source.side == "employee" and not has_campaigns:
            message = "is employee, and employees answer in campaigns; name their file in pulse.campaigns_csv"
            problems.add(document.place((*key, "side")), message)


def _check_questionnaire(source: Source, place: Place, declared: Declared, problems: Problems) -> None:
    if source.side not in AUDIENCES:
        return
    if source.questionnaire not in declared.questionnaire_names:
        problems.add_unknown(place, "questionnaire", source.questionnaire, declared.questionnaire_names)
    asked, audience = declared.questionnaires.get(source.questionnaire), AUDIENCES[source.side]
    if asked is not None and asked.audience != audience:
        message = f"{asked.version!r} asks {asked.audience}, but the source is of side {source.side}"
        problems.add(place, f"{message}; name a version that asks {audience}, or mend the side")


def _check_client_source(source: Source, place: Place, declared: Declared, problems: Problems) -> None:
    named = source.client_source
    if named is None:
        return
    if named not in declared.source_names:
        problems.add_unknown(place, "source", named, declared.source_names)
    elif named in declared.sources and declared.sources[named].side != "client":
        problems.add(place, f"{named!r} is of side {declared.sources[named].side}; name a source of side client")
