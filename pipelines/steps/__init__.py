"""The steps of a day, as plain functions of ids, paths and dates: Airflow calls them, and so does `symetrie run`."""

from pipelines.steps.alerting import raise_alerts, tell_alerts
from pipelines.steps.context import clear_staged, opened, run_moment, staged_folder
from pipelines.steps.deciding import discard_batch, release_batch
from pipelines.steps.extracting import expired_pages, extract_source, landed_source
from pipelines.steps.loading import load_batch
from pipelines.steps.pulsing import publish_pulse
from pipelines.steps.reporting import record_failure, redactions_of, warnings_of
from pipelines.steps.scoring import score_days
from pipelines.steps.starting import start_run
from pipelines.steps.summarising import deliver_summaries, write_summaries
from pipelines.steps.sweeping import sweep
from pipelines.steps.validating import validate_source

__all__ = [
    "clear_staged",
    "deliver_summaries",
    "discard_batch",
    "expired_pages",
    "extract_source",
    "landed_source",
    "load_batch",
    "opened",
    "publish_pulse",
    "raise_alerts",
    "record_failure",
    "redactions_of",
    "release_batch",
    "run_moment",
    "score_days",
    "staged_folder",
    "start_run",
    "sweep",
    "tell_alerts",
    "validate_source",
    "warnings_of",
    "write_summaries",
]
