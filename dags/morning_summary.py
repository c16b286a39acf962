"""Writes the morning answer of every recipient, with whatever is there.

**When.** Every morning at 07:00, Europe/Paris, by the clock, for the day before: the partition key of a run is its
business date. A run started by hand takes the parameter `business_date`; left empty, it is yesterday.

**What it does.** `write` makes the summary of each recipient's unit, as a page under `SYMETRIE_HOME` and as a row of
`mart.summary`. It waits for nobody: a source that failed or is late is named in the summary with its age.
The mails are the matter of `deliver_summaries`, which writes the summaries again for those who are due later.

**When it fails**, the last line of the log says what, where and what to do. Mend the cause, then clear the task:
a summary written again replaces the former one.

**Deadline.** A run that is not over 30 minutes after it was queued writes `morning.late` to the log.

**Retries and pool** are those of `client_feedback_daily`.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, task

from deadlines import over_within
from wiring import BUSINESS_DATE, TASK_DEFAULTS, business_date, every_morning, publishing_pool


@task(pool=publishing_pool())
def write(params: Any = None, dag_run: Any = None) -> int:
    """Write the summaries of the day and count them."""
    from pipelines.settings import load_settings
    from pipelines.steps import write_summaries

    return write_summaries(load_settings(), business_date(params, dag_run.partition_key))


@dag(
    schedule=every_morning("0 7 * * *"),
    catchup=False,
    max_active_runs=1,
    deadline=over_within(minutes=30),
    params={"business_date": BUSINESS_DATE},
    default_args=dict(TASK_DEFAULTS),
    doc_md=__doc__,
    tags=["client"],
)
def morning_summary() -> None:
    """The table of contents."""
    write()


morning_summary()
