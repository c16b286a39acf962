"""Prints what Airflow finds in the DAG folder, as JSON; run as a script, so that Airflow has a process of its own."""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import Any

import airflow.sdk  # noqa: F401  (its import is not part of the time a DAG file takes)
import pendulum
from airflow.dag_processing.dagbag import DagBag
from airflow.serialization.encoders import coerce_to_core_timetable
from airflow.timetables.base import TimeRestriction
from sqlalchemy.exc import OperationalError

from pipelines.errors import SymetrieError
from wiring import HEALED_BY_TIME


def first_partition(dag: Any, midnight: datetime) -> list[str]:
    """When the first run after a moment starts, and the key it carries."""
    info = coerce_to_core_timetable(dag.timetable).next_dagrun_info_v2(
        last_dagrun_info=None, restriction=TimeRestriction(earliest=midnight, latest=None, catchup=True)
    )
    return [info.run_after.in_timezone("Europe/Paris").strftime("%Y-%m-%d %H:%M"), info.partition_key]


def waits_when_switched_on(dag: Any) -> bool:
    """Whether a DAG that has never run waits for its next hour."""
    info = coerce_to_core_timetable(dag.timetable).next_dagrun_info_v2(
        last_dagrun_info=None, restriction=TimeRestriction(earliest=None, latest=None, catchup=False)
    )
    return bool(info.run_after > pendulum.now())


def described(dag: Any) -> dict[str, Any]:
    """The facts about a DAG that tests hold it to."""
    mornings = [pendulum.datetime(2026, *day, tz="Europe/Paris") for day in ((3, 29), (10, 25), (11, 21))]
    return {
        "doc": dag.doc_md,
        "partitions": [first_partition(dag, morning) for morning in mornings],
        "waits_when_switched_on": waits_when_switched_on(dag),
        "max_active_runs": dag.max_active_runs,
        "tasks": {
            task.task_id: {
                "doc": task.doc_md or task.python_callable.__doc__,
                "pool": task.pool,
                "outlets": [outlet.name for outlet in task.outlets],
            }
            for task in dag.tasks
        },
    }


def decision(error: Exception) -> str:
    """What the retry policy of the DAGs makes of an error."""
    return HEALED_BY_TIME.evaluate(error, try_number=1, max_tries=3).action.value


def main() -> None:
    """Parse the folder and print."""
    started = time.perf_counter()
    bag = DagBag()
    seconds = time.perf_counter() - started
    dags = {dag_id: described(dag) for dag_id, dag in bag.dags.items()}
    errors = (
        ConnectionResetError(),
        TimeoutError(),
        OperationalError("", None, Exception()),
        SymetrieError(),
        KeyError(),
    )
    decisions = {type(error).__name__: decision(error) for error in errors}
    print(json.dumps({"errors": bag.import_errors, "seconds": seconds, "dags": dags, "decisions": decisions}))


if __name__ == "__main__":
    main()
