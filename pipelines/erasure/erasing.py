"""Erasing an answer: first the keyed hash that keeps it away, then room after room.

The order makes it safe to die anywhere, and to call it again: from the first commit on nothing brings the answer back,
the same commit holds what was found and which days counted it, and every room may be visited again.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from pipelines.erasure.erased import Erased, erased_of
from pipelines.erasure.keys import key_of
from pipelines.erasure.proof import Proof, proof_file, read_proof, write_proof_file
from pipelines.erasure.rooms import ROOMS
from pipelines.erasure.visit import Progress, Visit
from pipelines.errors import SymetrieError
from pipelines.warehouse.tables import erasure

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from pipelines.warehouse import Warehouse

log = structlog.get_logger(__name__)

ERASURE_ID_TIME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Finding:
    """Where an answer was found, how often, and the proof of an earlier erasure of it, where there is one."""

    visit: Visit
    counts: Mapping[str, int]
    earlier: Proof | None

    @property
    def is_anywhere(self) -> bool:
        """Whether any room holds the answer."""
        return any(self.counts[room.name] for room in ROOMS if not room.is_told_anew)

    @property
    def is_unfinished(self) -> bool:
        """Whether an earlier erasure was killed before its end."""
        return self.earlier is not None and not proof_file(self.visit.settings.home, self.earlier).exists()

    def watched_by(self, on_progress: Progress) -> Finding:
        """The same, telling somebody else how far it is."""
        return replace(self, visit=replace(self.visit, on_progress=on_progress))


def find(
    warehouse: Warehouse,
    settings: Settings,
    source: str,
    response_id: str,
    on_progress: Progress = lambda what, done, total: None,
) -> Finding:
    """Look for an answer in every room."""
    name, response_id = _of_clients(settings, source), response_id.strip()
    if not response_id:
        raise SymetrieError("erase: --response is empty; give the identifier of the answer at its source")
    with warehouse.reading() as connection:
        erased_of(connection, settings.home, name)  # another key would not know what it has erased
        key = key_of(settings.home)
        erased = Erased(name, key, frozenset({key.hash_of(name, response_id)}))
        earlier = _earlier(connection, erased)
    new_id = f"{datetime.now(UTC).strftime(ERASURE_ID_TIME)}-{secrets.token_hex(3)}"
    places = frozenset((date.fromisoformat(day), unit) for day, unit in earlier.places) if earlier else frozenset()
    visit = Visit(
        settings,
        warehouse,
        erased,
        response_id,
        earlier.erasure_id if earlier else new_id,
        places,
        is_unplaced=earlier is not None and earlier.is_unplaced,
        on_progress=on_progress,
    )
    return _search(visit, earlier)


def _of_clients(settings: Settings, source: str) -> str:
    """The name of a source whose answers can be told apart."""
    configured = settings.source(source)
    if configured.side != "client":
        raise SymetrieError(
            f"source {source}: nobody's answer can be told from another's, so none can be erased;"
            " destroying the campaign's key is what remains (docs/pulse.md)"
        )
    return configured.name


def _search(visit: Visit, earlier: Proof | None) -> Finding:
    """Visit every room; the last ones need to know the days and units that the first ones name."""
    counts, was_unplaced = dict[str, int](), visit.is_unplaced
    for room in ROOMS:
        found = room.find(visit)
        counts[room.name] = found.count
        places = visit.places | found.places
        is_unplaced = was_unplaced or (any(counts.values()) and not places)
        visit = replace(visit, places=places, is_unplaced=is_unplaced)
    return Finding(visit, counts, earlier)


def erase(finding: Finding, reason: str | None = None) -> tuple[Proof, Path]:
    """Erase what was found; gives the proof and its file."""
    proof = _begin(finding, reason)
    visit = replace(finding.visit, erasure_id=proof.erasure_id)
    for room in ROOMS:
        room.clear(visit)
        log.info("erasure.cleared", erasure_id=proof.erasure_id, room=room.name)
    finished = replace(proof, finished_at=datetime.now(UTC).isoformat())
    with visit.warehouse.publishing(refreshes_readers=False) as connection:
        _write(connection, finished)
    visit.warehouse.purge()  # the last to write to the warehouse: this process has seen the answer
    file = write_proof_file(visit.settings.home, finished)  # and last of all, for it says that all this is done
    log.info("erasure.finished", erasure_id=proof.erasure_id, source=visit.source)
    return finished, file


def _begin(finding: Finding, reason: str | None) -> Proof:
    """Commit the keyed hash, with what was found: from here on no page, replay or release brings the answer back."""
    visit, [response_key] = finding.visit, finding.visit.erased.hashes
    with visit.warehouse.publishing(refreshes_readers=False) as connection:
        earlier = _earlier(connection, visit.erased)
        proof = Proof(
            erasure_id=earlier.erasure_id if earlier else visit.erasure_id,
            source=visit.source,
            response_key=response_key,
            key_mark=visit.erased.key.mark,
            reason=reason or (earlier.reason if earlier else None),
            begun_at=datetime.now(UTC).isoformat(),
            finished_at=None,
            found=_together(earlier, finding.counts),
            places=tuple(sorted((day.isoformat(), unit) for day, unit in visit.places)),
        )
        _write(connection, proof)
    return proof


def _together(earlier: Proof | None, counts: Mapping[str, int]) -> dict[str, int]:
    """What is found after a crash was found before it, but for what came in between."""
    return {name: max(count, earlier.found.get(name, 0) if earlier else 0) for name, count in counts.items()}


def _earlier(connection: sa.Connection, erased: Erased) -> Proof | None:
    [response_key] = erased.hashes
    found = connection.scalar(
        sa.select(erasure.c.proof).where(erasure.c.source == erased.source, erasure.c.response_key == response_key)
    )
    return None if found is None else read_proof(found)


def _write(connection: sa.Connection, proof: Proof) -> None:
    connection.execute(sa.delete(erasure).where(erasure.c.erasure_id == proof.erasure_id))
    connection.execute(
        sa.insert(erasure).values(
            erasure_id=proof.erasure_id,
            source=proof.source,
            response_key=proof.response_key,
            erased_at=proof.began,
            proof=proof.as_json(),
        )
    )
