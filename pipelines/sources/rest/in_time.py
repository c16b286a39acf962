"""A bound on the time of one whole answer, however slowly its bytes drip in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Result = TypeVar("Result")


def in_time(seconds: float, work: Callable[[], Result]) -> Result:
    """Give what the work gives, or raise TimeoutError.

    Time-outs of sockets start again at every byte, so the work runs in a thread that nobody waits for any longer.
    """
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - whoever waits gets it
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future.result(seconds)
