"""Brings one business date of client feedback from the sources to the scores.

**When.** Every morning at 05:30, Europe/Paris, for the day before: the partition key of a run is its business date.
A run started by hand takes the parameter `business_date`; left empty, it is yesterday.

**What it does.**

1. `start` settles the business date and opens the run in the ledger.
2. `list_sources` reads their names in `symetrie.yaml`.
3. For each source, side by side: `extract` lands the new pages, `validate` judges every row and the batch as a whole,
   `load` publishes the batch, unless the batch gate holds it.
4. `score` brings counts and scores up to date with whatever has been loaded.
5. `publish` emits the asset `client_scores`, once for the whole run.
6. `report` turns the run red if a source failed, and names it.

**When a source fails**, the others are loaded and scored all the same: managers get their answer.
The last line in the log of the red task says what, where and what to do.
Mend the cause, then clear that task together with its downstream tasks.

**When a batch is held**, `load` fails at once and says why: too many of its rows are refused.
Nothing of it is published. `symetrie batch list` shows it, `symetrie batch release` or `discard` decides;
a corrected file is a new page and comes in by itself.
Single bad rows hold nothing back: they go to quarantine, see `symetrie quarantine list`.

**Retries.** Three, five minutes apart (`SYMETRIE_RETRY_SECONDS`), and only for what time can heal: connections,
time-outs, locks. Anything else fails at once.

**Running it again** for the same day, or for days in any order, is safe: what is already loaded is recognised.

**Pool.** Tasks that write to the warehouse run in the pool named by `SYMETRIE_WAREHOUSE_POOL`, which should have one
slot on DuckDB, since its file has one writer; without it those tasks wait for each other in worker slots.
`make airflow` creates it. PostgreSQL needs none.

**Connections.** A source names its connection in `symetrie.yaml`; host and secrets stand in Airflow under that id.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from airflow.sdk import Asset, TriggerRule, dag, task, task_group
from airflow.sdk.exceptions import AirflowFailException

from wiring import BUSINESS_DATE, TASK_DEFAULTS, airflow_connection, business_date, every_morning, publishing_pool

CLIENT_SCORES = Asset(name="client_scores", uri="symetrie://mart/score")

# How the UI names the side-by-side tasks: by their first argument.
BY_SOURCE = "{{ task.op_args[0] }}"


@task(pool=publishing_pool())
def start(params: Any = None, dag_run: Any = None) -> dict[str, str]:
    """Settle the business date and open the run in the ledger."""
    from pipelines.settings import load_settings
    from pipelines.steps import start_run

    day = business_date(params, dag_run.partition_key)
    return {"run_id": start_run(load_settings(), day), "business_date": day.isoformat()}


@task
def list_sources() -> list[str]:
    """Name the sources of the settings."""
    from pipelines.settings import load_settings

    return [source.name for source in load_settings().sources]


@task(map_index_template=BY_SOURCE)
def extract(source: str) -> list[str]:
    """Land the new pages of the source and name them by content."""
    from pipelines.settings import load_settings
    from pipelines.steps import extract_source

    return extract_source(load_settings(), source, connections=airflow_connection)


@task(map_index_template=BY_SOURCE)
def validate(source: str, pages: list[str], run: dict[str, str]) -> str:
    """Judge the rows and the batch; leave the verdict in a folder."""
    from pipelines.settings import load_settings
    from pipelines.steps import validate_source

    last_date = date.fromisoformat(run["business_date"])
    return validate_source(load_settings(), source, pages, last_date, run["run_id"])


@task(map_index_template=BY_SOURCE, pool=publishing_pool())
def load(source: str, batch: str, run: dict[str, str]) -> dict[str, Any]:
    """Publish the batch, unless the gate holds it."""
    from pipelines.settings import load_settings
    from pipelines.steps import load_batch

    counts = load_batch(load_settings(), batch, run["run_id"], date.fromisoformat(run["business_date"]))
    return {"source": source, **counts}


def note_failure(context: Any) -> None:
    """Note in the ledger that the source failed, so that the summaries say so."""
    from pipelines.settings import load_settings
    from pipelines.steps import record_failure

    source, run = context["task"].op_args[0], context["ti"].xcom_pull(task_ids="start")
    day = date.fromisoformat(run["business_date"])
    record_failure(load_settings(), source, run["run_id"], day, context["exception"])


@task_group(default_args={"on_failure_callback": note_failure})
def feedback(source: str, run: dict[str, str]) -> Any:
    """One source, from its pages to the warehouse."""
    return load(source, validate(source, extract(source), run), run)


@task(trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS, pool=publishing_pool())
def score(run: dict[str, str]) -> dict[str, int]:
    """Score every touched day with whatever has been loaded."""
    from pipelines.settings import load_settings
    from pipelines.steps import score_days

    return score_days(load_settings(), date.fromisoformat(run["business_date"]), run["run_id"])


@task(outlets=[CLIENT_SCORES])
def publish(run: dict[str, str], outlet_events: Any = None) -> None:
    """Tell once that the scores of the day are there."""
    outlet_events[CLIENT_SCORES].extra = run


@task(trigger_rule=TriggerRule.ALL_DONE)
def report(sources: list[str], loaded: Iterable[dict[str, Any]] | None) -> None:
    """Turn the run red if a source failed, and name it."""
    failed = sorted(set(sources) - {counts["source"] for counts in loaded or ()})
    if failed:
        raise AirflowFailException(f"failed: {', '.join(failed)}; the log of each one's red task says why")


@dag(
    schedule=every_morning("30 5 * * *"),
    catchup=False,
    max_active_runs=1,
    params={"business_date": BUSINESS_DATE},
    default_args=dict(TASK_DEFAULTS),
    doc_md=__doc__,
    tags=["client"],
)
def client_feedback_daily() -> None:
    """The table of contents."""
    run = start()
    sources = list_sources()
    loaded = feedback.partial(run=run).expand(source=sources)
    loaded >> (score(run)) >> publish(run)
    report(sources, loaded)


client_feedback_daily()
