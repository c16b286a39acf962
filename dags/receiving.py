"""What the DAGs that receive answers share: how a run begins, and the first steps of a source."""

from __future__ import annotations

from datetime import date
from typing import Any

from airflow.sdk import task

from wiring import airflow_connection, business_date, publishing_pool

# How the UI names the side-by-side tasks: by their first argument.
BY_SOURCE = "{{ task.op_args[0] }}"


@task(pool=publishing_pool())
def start(params: Any = None, dag_run: Any = None) -> dict[str, str]:
    """Settle the business date and open the run in the ledger."""
    from pipelines.held import apply_defaults
    from pipelines.settings import load_settings
    from pipelines.steps import start_run

    settings, day = load_settings(), business_date(params, dag_run.partition_key)
    run_id = start_run(settings, day)
    apply_defaults(settings)
    return {"run_id": run_id, "business_date": day.isoformat()}


@task(map_index_template=BY_SOURCE)
def extract(source: str, run: dict[str, str]) -> list[str]:
    """Land the new pages of the source and name them by content."""
    from pipelines.logs import about
    from pipelines.settings import load_settings
    from pipelines.steps import extract_source

    last_date = date.fromisoformat(run["business_date"])
    with about(run_id=run["run_id"]):
        return extract_source(load_settings(), source, last_date, connections=airflow_connection)


@task(map_index_template=BY_SOURCE)
def validate(source: str, pages: list[str], run: dict[str, str]) -> str:
    """Judge the rows and the batch; leave the verdict in a folder."""
    from pipelines.settings import load_settings
    from pipelines.steps import validate_source

    last_date = date.fromisoformat(run["business_date"])
    return validate_source(load_settings(), source, pages, last_date, run["run_id"])


def note_failure(context: Any) -> None:
    """Note in the ledger that the source failed, so that the summaries say so."""
    from pipelines.settings import load_settings
    from pipelines.steps import record_failure

    source, run = context["task"].op_args[0], context["ti"].xcom_pull(task_ids="start")
    day = date.fromisoformat(run["business_date"])
    record_failure(load_settings(), source, run["run_id"], day, context["exception"])
