"""Receives what employees have answered, and publishes each campaign when it has closed.

**When.** Every morning at 5:00 (`SYMETRIE_TIMEZONE`), for the day before, before the mails of the morning.
Most mornings bring a few answers, or none; the morning after a campaign has closed brings its publication.
Campaigns stand in the file that `pulse.campaigns_csv` names: weekly, monthly or quarterly, as the house likes.
A run started by hand takes the parameter `business_date`; left empty, it is yesterday.

**What it does.**

1. `start` settles the business date and opens the run in the ledger.
2. `list_employee_sources` reads their names in `symetrie.yaml`; without one the run ends green at once.
3. For each source, side by side: `extract` reads the new pages in memory and lands them without the person, `validate`
   judges every answer, `load` stores one answer per person and campaign.
4. `publish_campaigns` publishes what may be told: of campaigns that have closed, and of enough answers that came
   later. It emits the asset `team_pulse` where there was anything.
5. `report` turns the run red if a source failed, and names it.

**What is never in a log or a task's message**: a name, a login, or what anybody or any team answered. What tasks hand
over are ids of pages and runs, and numbers of records of a whole source.

**When a source fails**, the others are stored and published all the same. A publication counts what is there: answers
that come later wait for the next one of their campaign, which needs enough of them. If a source of a closing
campaign is red, mend it before 5:00 of the next morning, or pause this DAG.

**A held batch** waits for `symetrie batch release` or `discard`: nothing of it is stored.

**Running it again** is safe: what was published stays, and a second run finds nothing to add.

**Retries, pool, connections** are those of `client_feedback_daily`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from airflow.sdk import Asset, TriggerRule, dag, task, task_group
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from receiving import BY_SOURCE, extract, note_failure, start, validate

from wiring import BUSINESS_DATE, TASK_DEFAULTS, every_morning, of_each_source, publishing_pool

TEAM_PULSE = Asset(name="team_pulse", uri="symetrie://mart/publication")


@task
def list_employee_sources() -> list[str]:
    """Name the sources of employees."""
    from pipelines.settings import load_settings

    return load_settings().names_of("employee")


@task(map_index_template=BY_SOURCE, pool=publishing_pool())
def load(source: str, batch: str, run: dict[str, str]) -> dict[str, Any]:
    """Store the answers, unless the gate holds them."""
    from pipelines.settings import load_settings
    from pipelines.steps import load_batch

    day = date.fromisoformat(run["business_date"])
    return {"source": source} | load_batch(load_settings(), batch, run["run_id"], day)


@task_group(default_args={"on_failure_callback": note_failure})
def answers(source: str, run: dict[str, str]) -> Any:
    """One source, from its pages to the warehouse."""
    return load(source, validate(source, extract(source, run), run), run)


@task(trigger_rule=TriggerRule.ALL_DONE, outlets=[TEAM_PULSE], pool=publishing_pool())
def publish_campaigns(run: dict[str, str], outlet_events: Any = None) -> list[str]:
    """Publish what may be told by now, and name it."""
    from pipelines.settings import load_settings
    from pipelines.steps import publish_pulse

    published = publish_pulse(load_settings(), date.fromisoformat(run["business_date"]), run["run_id"])
    if not published:
        raise AirflowSkipException("no campaign has anything new to tell")
    names = [each.publication_id for each in published]
    outlet_events[TEAM_PULSE].extra = run | {"publications": ",".join(names)}
    return names


@task(trigger_rule=TriggerRule.ALL_DONE)
def report(sources: list[str], loaded: Any) -> None:
    """Turn the run red if a source failed or its batch is held, and name it."""
    failed = sorted(set(sources) - {counts["source"] for counts in of_each_source(loaded)})
    if failed:
        raise AirflowFailException(f"failed or held: {', '.join(failed)}; the log of each one's red task says why")


@dag(
    schedule=every_morning("0 5 * * *"),
    catchup=False,
    max_active_runs=1,
    params={"business_date": BUSINESS_DATE},
    default_args=dict(TASK_DEFAULTS),
    doc_md=__doc__,
    tags=["employee"],
)
def employee_pulse() -> None:
    """The table of contents."""
    run = start()
    sources = list_employee_sources()
    loaded = answers.partial(run=run).expand(source=sources)
    loaded >> publish_campaigns(run)
    report(sources, loaded)


employee_pulse()
