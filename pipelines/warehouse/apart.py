"""Statements run on a DuckDB file by a process that has read nothing else: `python -P apart.py FILE < statements.sql`.

It is run by its path, and needs DuckDB alone: to import the package would take three times as long as all the rest.
"""

import sys

import duckdb


def main(file: str, statements: str) -> None:
    """Run the statements; the file is closed, and so complete, when this returns."""
    with duckdb.connect(file, config={"preserve_insertion_order": "false"}) as connection:
        connection.execute(statements)


if __name__ == "__main__":
    main(sys.argv[1], sys.stdin.read())
