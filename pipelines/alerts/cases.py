"""The finder of cases: every unhappy client of a day who can be contacted, with why, and where to answer them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from pipelines.alerts.case_reading import read_candidates
from symetrie.alerts.finding import Cause, Finding
from symetrie.complaints.cases import Case, UnhappyUpTo, case_of
from symetrie.measures import CLIENT_MEASURES

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pipelines.settings import Settings
    from pipelines.settings.alert_cases import AlertCases
    from symetrie.complaints.typology import Typology

Said = tuple[str, str | None]
"""A client's words and the language the source gives."""


class CaseFinder:
    """Finds the cases of some days; an answer that is held or withdrawn gives none."""

    name = "cases"
    reach_days = 0

    def __call__(self, connection: sa.Connection, settings: Settings, days: Sequence[date]) -> list[Finding]:
        """Give the cases of some days in the units that are told of any."""
        found = find_cases(connection, settings.alerts, days)
        return [case for case in found if settings.is_told("case", case.cause.unit_id, case.business_date)]


def find_cases(connection: sa.Connection, alerts: AlertCases, days: Sequence[date]) -> list[Finding]:
    """Give the cases of some days, in the order of days and units."""
    if not days:
        return []
    candidates = read_candidates(connection, alerts.cases, days)
    if not candidates:
        return []
    typology = alerts.typology()
    reasons = type_words(typology, ((row.words, row.language) for row in candidates if row.words is not None))
    up_to = UnhappyUpTo(alerts.cases.overall_up_to, alerts.cases.nps_up_to)
    findings = []
    for row in candidates:
        own = reasons[row.words, row.language] if row.words is not None else ()
        marks = {measure.key: getattr(row, measure.key) for measure in CLIENT_MEASURES}
        case = case_of(marks, is_complaint=row.is_complaint, has_serious_reason=typology.is_serious(own), up_to=up_to)
        if case is not None:
            findings.append(_finding(row, case, own))
    return findings


def type_words(typology: Typology, said: Iterable[Said]) -> Mapping[Said, tuple[str, ...]]:
    """Give the reasons of clients' words, each text read once however many wrote it."""
    return {(text, language): typology.reasons_of(text, language) for text, language in set(said)}


def _finding(row: sa.Row[Any], case: Case, reasons: tuple[str, ...]) -> Finding:
    cause = Cause("case", "unhappy_client", row.unit_id, "", f"{row.source}/{row.response_id}")
    evidence = {
        "source": row.source,
        "channel": row.channel,
        "touchpoint": row.touchpoint,
        "language": row.language,
        "measure": case.measure,
        "mark": case.mark,
        "why": list(case.why),
        "reasons": list(reasons),
        "has_words": bool(reasons),
        "source_url": _address(row.source_url),
        "experienced_at": _moment(row.experienced_at),
        "submitted_at": _moment(row.submitted_at),
    }
    return Finding(row.business_date, cause, case.severity, None, evidence)


def _address(written: str | None) -> str | None:
    """Give a page of the source, and nothing else that a source may write there: neither mailto: nor javascript:."""
    return written if written is not None and written.startswith(("https://", "http://")) else None


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()
