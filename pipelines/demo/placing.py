"""Puts a finished file where a source drops it, as if it had come in the small hours."""

import os
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

# Files arrive in the small hours; their time is set so that an older file is an older version on every machine.
DELIVERY_TIME = time(0, 30, tzinfo=UTC)


def drop_path(folder: Path, source: str, suffix: str, day: date) -> Path:
    """Give the file that holds a business day, named by the morning on which it is delivered."""
    return folder / "drops" / source / f"{source}_{delivery_day(day).isoformat()}.{suffix}"


def partial_of(path: Path) -> Path:
    """Give where a file is written before it is put in its place."""
    return path.with_name(f".{path.name}.partial")


def put(path: Path, day: date) -> None:
    """Put what was written for a business day in its place, with its `.done` marker."""
    partial, done = partial_of(path), path.with_name(f"{path.name}.done")
    delivered_at = datetime.combine(delivery_day(day), DELIVERY_TIME).timestamp()
    os.utime(partial, (delivered_at, delivered_at))
    partial.rename(path)
    done.touch()
    os.utime(done, (delivered_at, delivered_at))


def replace_text(path: Path, text: str) -> None:
    """Write a text at once or not at all."""
    partial_of(path).write_text(text, encoding="utf-8")
    partial_of(path).rename(path)


def delivery_day(day: date) -> date:
    """Give the morning on which a business day is delivered."""
    return day + timedelta(days=1)
