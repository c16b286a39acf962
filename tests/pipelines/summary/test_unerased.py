"""Publishing what nobody has erased meanwhile, on both engines: written again, or under the lock from the beginning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipelines.erasure.proof import Proof
from pipelines.summary.unerased import TRIES, Publishing, write_unerased
from pipelines.warehouse import Warehouse, open_warehouse
from pipelines.warehouse.tables import erasure, summary

SEVEN = datetime(2026, 11, 21, 6, tzinfo=UTC)
A_MOMENT = 0.5


@dataclass
class Archive:
    """A warehouse with proofs, a writer of its own, and somebody else who publishes."""

    warehouse: Warehouse
    url: str
    home: Path
    writings: int = 0
    others: list[str] = field(default_factory=list)

    def erases(self, erasure_id: str, *, finished_at: str | None = "2026-11-21T06:05:00+00:00") -> None:
        """Note an erasure, in the place of what was noted of it before."""
        proof = Proof(erasure_id, "survey", erasure_id, "mark", None, SEVEN.isoformat(), finished_at, {})
        row = {"erasure_id": erasure_id, "source": "survey", "response_key": erasure_id, "erased_at": SEVEN}
        with self.warehouse.publishing(refreshes_readers=False) as connection:
            connection.execute(sa.delete(erasure).where(erasure.c.erasure_id == erasure_id))
            connection.execute(sa.insert(erasure).values(**row, proof=proof.as_json()))

    def write(self, meanwhile: Callable[[], None] = lambda: None, run_id: str = "summary-1") -> int:
        """Write as summaries are: read, let something happen, publish."""

        def write(publishing: Publishing) -> int:
            self.writings += 1
            meanwhile()
            with publishing() as connection:
                connection.execute(sa.delete(summary))
            return 7

        return write_unerased(self.warehouse, run_id, write)

    def publish(self, what: str) -> None:
        """Publish as another process does."""
        with closing(open_warehouse(self.url, self.home)) as other, other.publishing(refreshes_readers=False):
            self.others.append(what)

    @contextmanager
    def somebody_else(self) -> Iterator[Callable[[], None]]:
        """Somebody who begins to publish when called, and whom a writer with the lock keeps waiting."""
        with ThreadPoolExecutor() as pool:

            def begin() -> None:
                try:
                    pool.submit(self.publish, "other").result(timeout=A_MOMENT)
                except NotYet:
                    self.others.append("waited")

            yield begin


@pytest.fixture
def archive(warehouse: Warehouse, warehouse_url: str, home: Path) -> Archive:
    return Archive(warehouse, warehouse_url, home)


def test_what_nobody_erased_meanwhile_is_written_once_and_keeps_nobody_waiting(archive: Archive) -> None:
    archive.erases("long-ago")
    assert archive.write(lambda: archive.publish("other")) == 7
    assert (archive.writings, archive.others) == (1, ["other"])


def test_an_erasure_that_comes_in_between_has_it_written_again(archive: Archive) -> None:
    """Also the whole of one, begun and ended."""
    assert archive.write(lambda: archive.erases("now") if archive.writings == 1 else None) == 7
    assert archive.writings == 2


def test_the_same_answer_erased_once_more_counts_as_well(archive: Archive) -> None:
    archive.erases("again")
    archive.write(lambda: archive.erases("again", finished_at="2026-11-21T07:00:00+00:00"))
    assert archive.writings == 2


def test_while_an_erasure_is_under_way_it_has_to_wait_for_the_publication(archive: Archive) -> None:
    """What it removes and what it tells anew could otherwise both fall between the reading and the publication."""
    archive.erases("under-way", finished_at=None)
    with archive.somebody_else() as begin:
        assert archive.write(begin) == 7
    assert (archive.writings, archive.others) == (1, ["waited", "other"])


def test_one_erasure_after_the_other_does_not_keep_the_summaries_back(archive: Archive) -> None:
    """The last try lets none in."""
    names = iter(f"erasure-{number}" for number in range(TRIES))
    with archive.somebody_else() as begin:
        assert archive.write(lambda: archive.erases(next(names)) if archive.writings <= TRIES else begin()) == 7
    assert (archive.writings, archive.others) == (TRIES + 1, ["waited", "other"])


def test_an_erasure_that_tells_anew_is_not_in_its_own_way(archive: Archive) -> None:
    archive.erases("own", finished_at=None)
    archive.write(lambda: archive.publish("other"), run_id="own")
    assert (archive.writings, archive.others) == (1, ["other"])
