"""The pulse as the survey tool exports it: `;`, UTF-8 with its mark, CRLF, and every person by name in it."""

import csv
import io
from collections.abc import Sequence

import numpy as np

from pipelines.demo.apres_visite import DONT_KNOW_WORDS
from pipelines.demo.drops import UNKNOWN_CODE
from pipelines.demo.pulse.comments import ADDRESS, closings, cores
from pipelines.demo.pulse.people import Person, person
from pipelines.demo.pulse.questions import FIELDS, QUESTIONS, WORDS
from pipelines.demo.pulse.rows import RELATIONS, SPOILS, UNKNOWN_RELATION
from pipelines.demo.pulse.teams import Teams
from pipelines.demo.rows import DONT_KNOW, Rows

NAME, SUFFIX = "pouls", "csv"
ENCODING, NEWLINE = "utf-8-sig", "\r\n"
HEADER = (
    "Nom", "Prénom", "E-mail", "Identifiant", "Code magasin", "Répondu le", "Je parle de", *FIELDS.values(),
    "Commentaire",
)  # fmt: skip
CELLS_OF_A_BROKEN_LINE = 9
RELATION_WORDS = (*RELATIONS, UNKNOWN_RELATION)


def as_bytes(teams: Teams, rows: Rows) -> bytes:
    """Write rows as a file."""
    text = io.StringIO(newline="")
    lines = csv.writer(text, delimiter=";", lineterminator=NEWLINE)
    lines.writerow(HEADER)
    people = [person(int(number)) for number in rows["person"]]
    is_broken = rows["spoil"] == SPOILS.index("broken_line")
    columns = [*_identity(rows, people), _codes(teams, rows), _moments(rows), _relations(rows)]
    columns += [*(_marks(rows, key) for key in QUESTIONS), _comments(rows, people)]
    for cells, broken in zip(zip(*columns, strict=True), is_broken, strict=True):
        lines.writerow(cells[:CELLS_OF_A_BROKEN_LINE] if broken else cells)
    return text.getvalue().encode(ENCODING)


def _identity(rows: Rows, people: Sequence[Person]) -> list[list[str]]:
    has_no_login = rows["spoil"] == SPOILS.index("missing_login")
    logins = ["" if missing else each.login for each, missing in zip(people, has_no_login, strict=True)]
    return [
        [each.last_name for each in people],
        [each.first_name for each in people],
        [each.email for each in people],
        logins,
    ]


def _codes(teams: Teams, rows: Rows) -> Sequence[str]:
    codes = teams.unit_ids[rows["unit"]]
    return list(np.where(rows["spoil"] == SPOILS.index("unknown_unit"), UNKNOWN_CODE, codes))


def _moments(rows: Rows) -> list[str]:
    return [f"{moment:%d/%m/%Y %H:%M}" for moment in rows["submitted"].tolist()]


def _relations(rows: Rows) -> list[str]:
    return [RELATION_WORDS[code] for code in rows["relation"].tolist()]


def _marks(rows: Rows, key: str) -> list[str]:
    words = WORDS.get(key)
    written = {mark: words[mark - 1] if words and mark else str(mark) for mark in range(11 if not words else 6)}
    written[DONT_KNOW] = DONT_KNOW_WORDS
    return [written.get(mark, "") for mark in rows[key].tolist()]


def _comments(rows: Rows, people: Sequence[Person]) -> list[str]:
    first, last = ((*pieces.phrases, "") for pieces in (cores(), closings()))  # -1 is nothing
    drawn = zip(
        rows["comment"].tolist(), rows["closing"].tolist(), rows["leaves_address"].tolist(), people, strict=True
    )
    return [
        f"{first[comment]} {last[closing]}".strip() + (ADDRESS.format(email=each.email) if leaves_address else "")
        for comment, closing, leaves_address, each in drawn
    ]
