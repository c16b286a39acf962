"""The suites in words, for the documentation: what is judged, how severely, under which reason code."""

from __future__ import annotations

from collections.abc import Iterable

from great_expectations import ExpectationSuite

from expectations.readings import PAGE_EXPECTATIONS

_HEAD = "| it is expected that | column judged | severity | reason code |\n|---|---|---|---|\n"


def suite_table(suite: ExpectationSuite) -> str:
    """Give one row per expectation of a suite, in the order in which reasons are told, as Markdown."""
    return _HEAD + _rows(
        (str(each.description), f"`{each.configuration.kwargs['column']}`", each.severity.value, each.meta["reason"])
        for each in suite.expectations
        if each.meta
    )


def page_table() -> str:
    """Give the expectations on pages, which are judged before there are rows."""
    return _HEAD + _rows((text, "", "critical", reason) for reason, text in PAGE_EXPECTATIONS.items())


def _rows(rows: Iterable[tuple[str, str, str, str]]) -> str:
    return "".join(
        f"| {sentence} | {column} | {severity} | `{reason}` |\n" for sentence, column, severity, reason in rows
    )
