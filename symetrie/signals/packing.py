"""The memory as bytes, and back: what is carried on is exactly what is kept, so that a replay ends the same."""

from __future__ import annotations

from dataclasses import fields
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symetrie.signals.naming import Names
from symetrie.signals.state import Streams

KEPT = np.float32

LAYOUT = 1
"""To be raised with whatever changes what the memory means: one of another layout is of no use."""
NAMES = ("measures", "units", "parents", "strata")


def rounded(streams: Streams) -> Streams:
    """Round the memory to what is kept of it; to be done after every day, whether it is kept or not."""
    return Streams(**{name: _rounded(value) for name, value in vars(streams).items()})


def packed(streams: Streams, names: Names) -> bytes:
    """The rounded memory and the names of its places, compressed: most tests stand at 0 most days."""
    buffer = BytesIO()
    kept: dict[str, Any] = {name: _narrow(np.asarray(value)) for name, value in vars(streams).items()}
    kept |= {f"{name}_names": np.array(getattr(names, name), str) for name in NAMES}
    np.savez_compressed(buffer, layout=np.array(LAYOUT), **kept)
    return buffer.getvalue()


def unpacked(kept: bytes) -> tuple[Streams, Names] | None:
    """What was packed; None where another version of the library did, whose days have to be lived again."""
    with np.load(BytesIO(kept), allow_pickle=False) as arrays:
        wanted = {each.name for each in fields(Streams)}
        if "layout" not in arrays or int(arrays["layout"]) != LAYOUT or not wanted <= set(arrays.files):
            return None
        names = Names(*(tuple(arrays[f"{name}_names"].tolist()) for name in NAMES))
        held = {name: arrays[name] for name in wanted}
    days = int(held.pop("days"))
    return Streams(**{name: array.astype(np.float64) for name, array in held.items()}, days=days), names


def _rounded(value: Any) -> Any:
    return value.astype(KEPT).astype(np.float64) if isinstance(value, np.ndarray) else value


def _narrow(array: NDArray[Any]) -> NDArray[Any]:
    return array.astype(KEPT) if array.dtype == np.float64 else array
