"""Great Expectations asked for its verdicts, once per suite and frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations import ExpectationSuite
    from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult

ROW_NUMBER = "row_number"

# The bad rows as one list of row numbers: a dictionary per bad row would take 15 µs and 300 bytes of each.
_EVERY_BAD_ROW = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": [ROW_NUMBER],
    "exclude_unexpected_values": True,
}


class ExpectationError(Exception):
    """An expectation raised instead of giving a verdict; nothing may be believed of such a run."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one expectation found: the numbers of the rows that fail it, none when all is well."""

    expectation: str
    column: str
    reason: str
    severity: str
    field: str | None
    passed: bool
    bad_rows: np.ndarray


def judge(suite: ExpectationSuite, frame: pd.DataFrame) -> list[Verdict]:
    """Give the verdicts of a suite, in its order, on a frame indexed by row number.

    Raises ExpectationError when any expectation raised.
    """
    if frame.index.name != ROW_NUMBER:
        raise ValueError(f"the frame must be indexed by {ROW_NUMBER}, not by {frame.index.name!r}")
    found = {_sentence(result): _verdict(result) for result in _validate(suite, frame).results}
    return [found[str(expectation.description)] for expectation in suite.expectations]


def _validate(suite: ExpectationSuite, frame: pd.DataFrame) -> ExpectationSuiteValidationResult:
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("landed").add_dataframe_asset("batch")
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    return batch.validate(suite, result_format=_EVERY_BAD_ROW)


def _verdict(result: ExpectationValidationResult) -> Verdict:
    _refuse_exceptions(result)
    configuration = result.expectation_config
    assert configuration is not None
    return Verdict(
        expectation=_sentence(result),
        column=configuration.kwargs["column"],
        reason=configuration.meta["reason"],
        severity=configuration.severity.value,
        field=configuration.meta["field"],
        passed=bool(result.success),
        bad_rows=_bad_rows(result.result),
    )


def _sentence(result: ExpectationValidationResult) -> str:
    assert result.expectation_config is not None
    return str(result.expectation_config.description)


def _refuse_exceptions(result: ExpectationValidationResult) -> None:
    """Great Expectations reports one exception flat, or several under the id of the metric that raised."""
    information: dict[str, Any] = result.exception_info or {}
    reports = [information] if "raised_exception" in information else list(information.values())
    raised = [report["exception_message"] for report in reports if report["raised_exception"]]
    if raised:
        raise ExpectationError(f"expectation {_sentence(result)!r} could not be judged: {raised[0]}")


def _bad_rows(result: dict[str, Any]) -> np.ndarray:
    lists = result.get("unexpected_index_list") or [{}]
    return np.asarray(lists[0].get(ROW_NUMBER, []), dtype=np.int64)
