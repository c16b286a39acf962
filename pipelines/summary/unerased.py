"""Publishing only what nobody has erased meanwhile: a summary is written for a minute from what was read before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from pipelines.erasure.proof import read_proof
from pipelines.warehouse.tables import erasure

if TYPE_CHECKING:
    from pipelines.warehouse import Warehouse

log = structlog.get_logger(__name__)

TRIES = 2

Publishing = Callable[[], AbstractContextManager[sa.Connection]]
"""Begins the publication of what was written; raises `ErasedMeanwhile` where that may quote an erased answer."""


class ErasedMeanwhile(Exception):
    """An answer was erased since the reading began: what was written from it is written again."""


def write_unerased(warehouse: Warehouse, run_id: str, write: Callable[[Publishing], int]) -> int:
    """Read, write and publish, again where an erasure came in between; an erasure's own run is not in its own way.

    What is under way cannot be told from what was killed: it may have removed the answer before or after it was read,
    and told it anew before or after this is published. Then, and after a few tries, no erasure is let in at all: the
    publication lasts from the reading on, which keeps others waiting, so it is not what is done first.
    """
    for _ in range(TRIES):
        with warehouse.reading() as connection:
            before = _other_erasures(connection, run_id)
        if any(read_proof(proof).finished_at is None for proof in before.values()):
            break
        try:
            return write(partial(_unless_erased, warehouse, run_id, before))
        except ErasedMeanwhile:
            log.warning("summaries.written_again", run_id=run_id, reason="an answer was erased meanwhile")
    with warehouse.publishing() as connection:
        return write(lambda: nullcontext(connection))


@contextmanager
def _unless_erased(warehouse: Warehouse, run_id: str, before: Mapping[str, str]) -> Iterator[sa.Connection]:
    """A publication, begun when the erasures are still those of before: under its lock none is added."""
    with warehouse.publishing() as connection:
        if _other_erasures(connection, run_id) != before:
            raise ErasedMeanwhile
        yield connection


def _other_erasures(connection: sa.Connection, run_id: str) -> dict[str, str]:
    """The proofs of every erasure but the one that is writing; a proof changes when its erasure begins and ends."""
    found = connection.execute(sa.select(erasure.c.erasure_id, erasure.c.proof).where(erasure.c.erasure_id != run_id))
    return {row.erasure_id: row.proof for row in found}
