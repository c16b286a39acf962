"""Validation: typed columns, the suites' verdicts, redaction; every record is accepted or quarantined."""

from pipelines.validation.records import BatchCheck, SourcePast, ValidatedBatch
from pipelines.validation.saving import load_batch, save_batch
from pipelines.validation.validating import validate

__all__ = ["BatchCheck", "SourcePast", "ValidatedBatch", "load_batch", "save_batch", "validate"]
