"""What commands print: tables, and a progress bar when a person is watching."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from pipelines.run import Progress

PLAIN_WIDTH = 160
"""Columns of a table that goes to a file or a pipe, where no terminal says its width."""


def console(*, stderr: bool = False) -> Console:
    """The terminal, or plain text where there is none."""
    from rich.console import Console

    terminal = Console(stderr=stderr, highlight=False)
    return terminal if terminal.is_terminal else Console(stderr=stderr, highlight=False, width=PLAIN_WIDTH)


def table(*headers: str, numbers: Iterable[str] = (), whole: Iterable[str] = ()) -> Table:
    """A table without frames, its numbers to the right; what is copied from a column stays whole on its line."""
    from rich import box
    from rich.table import Table

    numeric, copied = set(numbers), set(whole)
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for header in headers:
        justify: Literal["left", "right"] = "right" if header in numeric else "left"
        shown.add_column(header, justify=justify, overflow="fold", no_wrap=header in copied)
    return shown


def print_entry(*facts: str, words: str) -> None:
    """Facts to copy on one line, whatever its length, and below it what there is to read about them."""
    from rich.padding import Padding
    from rich.text import Text

    screen = console()
    screen.print("  ".join(facts), style="bold", markup=False, soft_wrap=True)
    screen.print(Padding(Text(words), (0, 0, 0, 4), expand=False))


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on stderr when a person is watching, nothing in a log."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    terminal = console(stderr=True)
    columns = (TextColumn("{task.description:<44}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=terminal, transient=True, disable=not terminal.is_terminal) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total)
