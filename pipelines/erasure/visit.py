"""What every room is told of an erasure, and what it says it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.erasure.erased import Erased
    from pipelines.settings import Settings
    from pipelines.warehouse import Warehouse

Place = tuple[date, str]
"""A business date and the unit that an answer was counted for, in any of its versions."""

Progress = Callable[[str, int, int], None]
"""What an erasure is doing, how much of it is done, and of how much."""


@dataclass(frozen=True)
class Visit:
    """One answer to erase: by its identifier where a room can look it up, by its keyed hash where it is read."""

    settings: Settings
    warehouse: Warehouse
    erased: Erased
    response_id: str
    erasure_id: str
    places: frozenset[Place] = frozenset()
    is_unplaced: bool = False  # something of the answer is known, and no day or unit that counted it
    on_progress: Progress = lambda what, done, total: None

    @property
    def source(self) -> str:
        """The source of the answer."""
        return self.erased.source


@dataclass(frozen=True)
class Found:
    """How often an answer stands in a room, and the days and units it was counted for there."""

    count: int = 0
    places: frozenset[Place] = frozenset()
