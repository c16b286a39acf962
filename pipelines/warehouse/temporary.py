"""Temporary tables: the working space of one transaction, gone with its connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa


@contextmanager
def temporary_table(connection: sa.Connection, name: str, *columns: sa.Column[Any]) -> Iterator[sa.Table]:
    """A temporary table for the length of a `with` block."""
    table = sa.Table(name, sa.MetaData(), *columns, prefixes=["TEMPORARY"])
    table.create(connection)
    yield table
    table.drop(connection)  # not after an error: the transaction is lost then, and the table with it
