"""Which column of `answer_text` comes from which field of a page, under any of its names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from symetrie.questions import asked

if TYPE_CHECKING:
    from pipelines.settings import Source
    from symetrie.questionnaires import Questionnaire

REQUIRED = ("response_id", "unit_id", "submitted_at")
TEXT_COLUMNS = (
    *REQUIRED, "experienced_at", "updated_at", "channel", "touchpoint", "contact_reason", "language", "verbatim",
    "source_url", "can_contact", "is_verified", "status",
)  # fmt: skip
EMPLOYEE_REQUIRED = ("respondent", "unit_id", "submitted_at")
EMPLOYEE_TEXT_COLUMNS = (
    *EMPLOYEE_REQUIRED, "experienced_at", "updated_at", "campaign_id", "questionnaire_version", "relation", "channel",
    "verbatim",
)  # fmt: skip
CONTACT_REQUIRED = ("contact_id", "unit_id", "submitted_at", "agent", "estimate", "client_response_id")
CONTACT_TEXT_COLUMNS = (*CONTACT_REQUIRED, "experienced_at", "updated_at")
INVITATION_REQUIRED = ("unit_id", "sent_on", "sent_count")
INVITATION_TEXT_COLUMNS = (*INVITATION_REQUIRED, "updated_at", "channel")
TEXTS_OF: Mapping[str, tuple[str, ...]] = {
    "client": TEXT_COLUMNS,
    "employee": EMPLOYEE_TEXT_COLUMNS,
    "contact": CONTACT_TEXT_COLUMNS,
    "invitation": INVITATION_TEXT_COLUMNS,
}
REQUIRED_OF: Mapping[str, tuple[str, ...]] = {
    "client": REQUIRED,
    "employee": EMPLOYEE_REQUIRED,
    "contact": CONTACT_REQUIRED,
    "invitation": INVITATION_REQUIRED,
}
JOINED = frozenset({"verbatim"})  # every field present is taken, not the first only
MARK_PREFIX = "mark_"


@dataclass(frozen=True)
class Column:
    """A column of `answer_text` and the names under which its field may stand in a page."""

    name: str
    fields: tuple[str, ...]
    is_required: bool = False

    @property
    def is_joined(self) -> bool:
        """Whether all fields present are joined by a line break, instead of the first being taken."""
        return self.name in JOINED


def columns_of(source: Source, questionnaire: Questionnaire | None) -> tuple[Column, ...]:
    """The columns that a source fills: the texts that its side has, then a mark per question."""
    required = REQUIRED_OF[source.side]
    texts = [
        Column(name, tuple(getattr(source.fields, name) or ()), name in required) for name in TEXTS_OF[source.side]
    ]
    questions = questionnaire.questions if questionnaire else ()
    marks = [Column(MARK_PREFIX + asked(question.measure).column, question.fields) for question in questions]
    return (*texts, *marks)


def places(column: Column, headers: Sequence[str]) -> list[int]:
    """Where the fields of a column stand among the headers, the preferred first; of equal headers the first."""
    known: dict[str, int] = {}
    for place, header in enumerate(headers):
        known.setdefault(plain(header), place)
    found = [known[plain(field)] for field in column.fields if plain(field) in known]
    return list(dict.fromkeys(found))


def missing_columns(columns: Sequence[Column], present: Mapping[str, object]) -> list[str]:
    """Required columns that a page does not give, each with the names it was looked for."""
    return [
        f"{column.name} (looked for as {', '.join(column.fields)})"
        for column in columns
        if column.is_required and column.name not in present
    ]


def plain(header: str) -> str:
    """A header without case, accents, spaces and punctuation.

    >>> plain(" N° de Réponse ") == plain("n_de_reponse")
    True
    """
    letters = unicodedata.normalize("NFKD", header.casefold())
    return re.sub(r"[\W_]+", "", "".join(each for each in letters if not unicodedata.combining(each))) or header


def distinct(headers: Sequence[str]) -> list[str]:
    """The headers with their repetitions numbered, since a JSON object needs distinct keys.

    >>> distinct(["id", "note", "note"])
    ['id', 'note', 'note (2)']
    """
    seen: dict[str, int] = {}
    result = []
    for header in headers:
        seen[header] = seen.get(header, 0) + 1
        result.append(header if seen[header] == 1 else f"{header} ({seen[header]})")
    return result
