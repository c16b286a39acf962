"""One morning of a whole Airflow: scheduler, DAG processor, API server and workers, as processes."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.airflow, pytest.mark.xdist_group("airflow")]
DAG_IDS = ("client_feedback_daily", "morning_summary")
MAIL = ("deliver_summaries",)


def test_a_partition_goes_from_the_sources_to_the_summaries_through_the_scheduler(
    start_scheduler: Any, new_company: Any
) -> None:
    """Through the one-slot pool, with the day in the partition key, and the asset emitted once."""
    company = new_company()
    day = company.day(1)
    airflow = start_scheduler({"SYMETRIE_WAREHOUSE_POOL": "one_writer", **company.environment})
    airflow.wait_for("all DAGs", lambda: airflow.call("GET", "dags")["total_entries"] == len(DAG_IDS) + len(MAIL))
    airflow.call("POST", "pools", name="one_writer", slots=1, description="", include_deferred=False)

    states = {dag_id: airflow.wait_for_run(dag_id, airflow.trigger(dag_id, day)) for dag_id in DAG_IDS}

    assert states == dict.fromkeys(DAG_IDS, "success"), airflow.logs()
    assert airflow.home.rows("SELECT source_task_id, partition_key FROM asset_event") == [("publish", day)]
    assert company.rows("SELECT DISTINCT CAST(business_date AS VARCHAR) FROM mart.summary") == [(day,)]
    assert company.rows("SELECT max(CAST(as_of AS VARCHAR)) FROM mart.score") == [(day,)]
