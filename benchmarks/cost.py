"""What work costs: wall and CPU seconds by stage, and peak memory, each measured in a process of its own."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

KIBIBYTES = 1024
Result = TypeVar("Result")


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, and of the processor, user and system together; other processes disturb it less."""

    wall: float
    cpu: float

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.wall + other.wall, self.cpu + other.cpu)

    def __sub__(self, other: Cost) -> Cost:
        return Cost(self.wall - other.wall, self.cpu - other.cpu)


NOTHING = Cost(0.0, 0.0)


@dataclass
class Stages:
    """The cost of each stage of some work; a stage that comes again adds to itself."""

    costs: dict[str, Cost] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what happens in a `with` block."""
        started = now()
        try:
            yield
        finally:
            self.costs[name] = self.costs.get(name, NOTHING) + (now() - started)

    def timed(self, name: str, function: Callable[..., Result]) -> Callable[..., Result]:
        """The function, measured as a stage whenever it is called."""

        def measured(*arguments: Any, **named: Any) -> Result:
            with self.stage(name):
                return function(*arguments, **named)

        return measured


def now() -> Cost:
    """The clocks of this process and of the children that it waited for."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return Cost(time.perf_counter(), sum(usage.ru_utime + usage.ru_stime for usage in usages))


def peak_mebibytes() -> float:
    """The most memory that this process, or the largest of its children, has taken so far."""
    whos = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(who).ru_maxrss for who in whos) / KIBIBYTES


def in_child(work: Callable[..., Result], *arguments: Any) -> Result:
    """Do some work in a new process, so that its memory is its own; a failure in it is one here."""
    with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as child:
        return child.submit(work, *arguments).result()
