"""Personal data in clients' words, replaced by its kind: « rappelez-moi au [phone] », in DuckDB and not row by row."""

from pipelines.redaction.counting import redaction_counts
from pipelines.redaction.redacting import KINDS, redacted, without_emails

__all__ = ["KINDS", "redacted", "redaction_counts", "without_emails"]
