"""Writes docs/warehouse.md from the metadata of the tables; `--check` only says whether the page is up to date."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from generated_page import keep
from pipelines.warehouse.tables import METADATA, PUBLIC_SCHEMA, SCHEMAS

PAGE = Path(__file__).with_name("warehouse.md")

HEAD = """\
# The warehouse, column by column

Written by `make docs` from `pipelines/warehouse/tables/`: change it there.
`mart` is what BI tools and managers' pages read; `core` and `ops` are the pipeline's own.
On DuckDB read `mart` from `published/marts.duckdb` under `SYMETRIE_HOME`: the warehouse file itself is locked while
a run writes it, and new scores and new summaries replace that copy by one atomic rename.
On PostgreSQL everybody who may connect reads `mart`, nobody but the owner reads the rest.
`staging` is no schema: a validated batch waits as Parquet under `SYMETRIE_HOME/staging`, and the tables it passes
through on its way in are temporary.
"""


def page() -> str:
    """The whole page: the public schema first, its tables in order of their names."""
    order = (PUBLIC_SCHEMA, *(schema for schema in SCHEMAS if schema != PUBLIC_SCHEMA))
    tables = sorted(METADATA.tables.values(), key=lambda table: (order.index(str(table.schema)), table.name))
    return "\n".join([HEAD, *map(described, tables)])


def described(table: sa.Table) -> str:
    """One table: what it is, then its columns; those of the key come first and are bold."""
    rows = [
        f"| {f'**{column.name}**' if column.primary_key else column.name} | {kind(column)} "
        f"| {'yes' if column.nullable else ''} | {column.comment} |"
        for column in table.columns
    ]
    head = [f"## {table.fullname}\n\n{table.comment}\n", "| column | type | null | meaning |", "|---|---|---|---|"]
    return "\n".join([*head, *rows, ""])


def kind(column: sa.Column[object]) -> str:
    """The type as SQL writes it."""
    name = str(column.type.compile()).lower()
    return {"datetime": "timestamp with time zone", "bigint": "bigint", "double": "double precision"}.get(name, name)


if __name__ == "__main__":
    keep(PAGE, page())
