"""The command line: what people type, and how errors reach them."""

from __future__ import annotations

import sys

from pipelines.errors import SymetrieError


def main() -> None:
    """Run `symetrie`: an error that a person can mend is one line on stderr and exit code 1."""
    from pipelines.cli.app import app
    from pipelines.faults import told

    try:
        with told("the command had to stop"):
            app()
    except SymetrieError as error:
        sys.exit(f"symetrie: {error}")
