"""Units told side by side, in a few processes: each takes 5 ms, and a morning may have 12,500."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pipelines.summary.as_json import figures_json
from pipelines.summary.as_mail import mail_html
from pipelines.summary.as_text import page_text
from pipelines.summary.figures import Figures
from pipelines.summary.page import Page
from pipelines.summary.pages import write_page
from pipelines.summary.spooling import Row
from pipelines.summary.telling import make_page

FEWEST_UNITS = 1000
"""For each process: with fewer it would take longer to start than it helps."""
MOST_PROCESSES = 4
UNITS_PER_PORTION = 100
HASHED = ("locale", "figures", "subject", "body_text", "body_html")


@dataclass(frozen=True)
class Telling:
    """What telling needs beside the figures: where pages go, the language, the network, and who has a reader."""

    home: Path
    locale: str
    unit_ids: frozenset[str]
    read_unit_ids: frozenset[str]

    def rows(self, portion: Sequence[Figures]) -> list[Row]:
        """Write the page of each unit; gives a row, without its recipient, for each that has a reader."""
        told = ((figures, make_page(figures, self.locale)) for figures in portion)
        return [row for figures, page in told for row in self._rows(figures, page)]

    def _rows(self, figures: Figures, page: Page) -> Iterator[Row]:
        write_page(self.home, figures, page, self.unit_ids)
        if figures.unit.unit_id in self.read_unit_ids:
            yield _row(figures, page)


def tell_side_by_side(telling: Telling, figures: Sequence[Figures]) -> Iterator[Row]:
    """Tell the units, in their order; a few of them in this process."""
    portions = [figures[first : first + UNITS_PER_PORTION] for first in range(0, len(figures), UNITS_PER_PORTION)]
    processes = min(len(figures) // FEWEST_UNITS, os.cpu_count() or 1, MOST_PROCESSES)
    if processes < 2:
        yield from chain.from_iterable(map(telling.rows, portions))
        return
    fresh = multiprocessing.get_context("spawn")  # a fork would copy the locks of DuckDB's threads as they stand
    with ProcessPoolExecutor(processes, mp_context=fresh, initializer=_end_with_the_parent) as pool:
        yield from chain.from_iterable(pool.map(telling.rows, portions))


def _end_with_the_parent() -> None:
    """Leave Ctrl-C to the parent, and end when it is killed: a process of a pool waits for ever then."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch_the_parent, daemon=True).start()


def _watch_the_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _row(figures: Figures, page: Page) -> Row:
    row: Row = {
        "business_date": figures.business_date,
        "unit_id": figures.unit.unit_id,
        "locale": page.locale,
        "figures": figures_json(figures),
        "subject": page.subject,
        "body_text": page_text(page),
        "body_html": mail_html(page),
    }
    return row | {"content_hash": _hash(row)}


def _hash(row: Row) -> str:
    content = "\0".join(str(row[name]) for name in HASHED)
    return hashlib.sha256(content.encode()).hexdigest()
