"""How every expectation says what it means: its severity, its reason code, its sentence and the field it speaks of."""

from __future__ import annotations

from typing import Any

from great_expectations.expectations.metadata_types import FailureSeverity


def critical(reason: str, sentence: str, field: str | None = None) -> dict[str, Any]:
    """Give the arguments of an expectation whose failure sets the row aside, or holds the batch."""
    return _arguments(FailureSeverity.CRITICAL, reason, sentence, field)


def warning(reason: str, sentence: str, field: str | None = None) -> dict[str, Any]:
    """Give the arguments of an expectation whose failure is flagged and loses nothing."""
    return _arguments(FailureSeverity.WARNING, reason, sentence, field)


def _arguments(severity: FailureSeverity, reason: str, sentence: str, field: str | None) -> dict[str, Any]:
    return {"severity": severity, "description": sentence, "meta": {"reason": reason, "field": field}}
