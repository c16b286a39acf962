"""What every step tells of itself: whom its events are about, how long it took, what stopped it."""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ParamSpec, TypeVar

from pipelines import metrics
from pipelines.faults import told
from pipelines.logs import about

Given = ParamSpec("Given")
Result = TypeVar("Result")


def observed(step: Callable[Given, Result]) -> Callable[Given, Result]:
    """Name run, source and day of a step's arguments in its events, measure its seconds, say what it could not do."""
    signature = inspect.signature(step)

    @functools.wraps(step)
    def observing(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        subject, started = _subject(signature.bind(*args, **kwargs).arguments), time.perf_counter()
        tags = {"step": step.__name__, **({"source": subject["source"]} if "source" in subject else {})}
        with about(**subject), told(" of ".join(tags.values())):
            try:
                return step(*args, **kwargs)
            finally:
                metrics.gauge(metrics.STEP_SECONDS, time.perf_counter() - started, **tags)

    return observing


def _subject(given: Mapping[str, object]) -> dict[str, str]:
    found = {
        "run_id": given.get("run_id"),
        "source": Path(str(given["folder"])).name if "folder" in given else given.get("source"),
        "business_date": given.get("business_date", given.get("last_date")),
    }
    return {name: str(value) for name, value in found.items() if value}
