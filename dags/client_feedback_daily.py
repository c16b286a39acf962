"""Brings one business date of client feedback from the sources to the scores.

**When.** Every morning at 05:30, Europe/Paris unless `SYMETRIE_TIMEZONE` names another zone, for the day before:
the partition key of a run is its business date.
Switched on for the first time, it runs at once, for the last morning that has been.
A run started by hand takes the parameter `business_date`; left empty, it is yesterday.

**What it does.**

1. `start` settles the business date and opens the run in the ledger; it applies the default to batches that an
   earlier run held, where the time to decide is over.
2. `list_sources` reads their names in `symetrie.yaml`.
3. For each source, side by side: `extract` lands the new pages, `validate` judges every row and the batch as a whole,
   `load` publishes the batch, unless the batch gate holds it; then `ask` asks an operator and `decide` does it.
4. `score` brings counts and scores up to date with whatever has been loaded; it waits for no answer.
5. `publish` emits the asset `client_scores`, once for the whole run.
6. `alert` looks at every day that has changed and raises the alerts that follow: cases, signals and absences.
7. `score_released` scores and emits again where a held batch was released, and looks at its days again.
8. `report` turns the run red if a source failed or its batch stays held, and names it.
9. `sweep` removes what has had the days that `retention` gives it; what it cannot remove stands in its log, and goes
   the next time.

**When a source fails**, the others are loaded and scored all the same: managers get their answer.
The last line in the log of the red task says what, where and what to do.
Mend the cause, then clear that task together with its downstream tasks.

**When a batch is held**, nothing of it is published: too many of its rows are refused.
`ask` waits in *Required Actions*, with the reason: Release, Discard or Keep held.
It occupies no worker, and nobody waits for it: the other sources are scored, the summaries go out and say "held".
Without an answer in time, the default of the settings applies (`gate`, see docs/settings.md).
The ledger keeps who decided, or that it was the default.
The command line decides as well: `symetrie batch list`, `release`, `discard`.
A corrected file is a new page and comes in by itself.
A run whose parameter `ask` is off, as those of a backfill, asks nobody: its batch stays held until the default
applies at the start of a later run.
Single bad rows hold nothing back: they go to quarantine, see `symetrie quarantine list`.

**Deadline.** A run that is not over 90 minutes after it was queued, at the hour of the mails, writes `morning.late` to
the log.

**Retries.** Three, five minutes apart (`SYMETRIE_RETRY_SECONDS`), and only for what time can heal: connections,
time-outs, locks. Anything else fails at once.

**Running it again** for the same day, or for days in any order, is safe: what is already loaded is recognised.

**Pool.** Tasks that write to the warehouse run in the pool named by `SYMETRIE_WAREHOUSE_POOL`, which should have one
slot on DuckDB, since its file has one writer; without it those tasks wait for each other in worker slots.
`make airflow` creates it. PostgreSQL needs none.

**Connections.** A source names its connection in `symetrie.yaml`; host and secrets stand in Airflow under that id.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from airflow.sdk import Asset, Param, TriggerRule, dag, task, task_group
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from receiving import BY_SOURCE, extract, note_failure, start, validate

from deadlines import over_within
from held_batch import AskAboutHeldBatch, decided_at, decided_by, verdict_of
from wiring import (
    BUSINESS_DATE,
    TASK_DEFAULTS,
    every_morning,
    of_each_source,
    publishing_pool,
)

CLIENT_SCORES = Asset(name="client_scores", uri="symetrie://mart/score")

ASK = Param(
    True,
    type="boolean",
    title="Ask about held batches",
    description="Off: a held batch waits for `symetrie batch release` or `discard`, and the run ends without it.",
)

# How the UI names a question: by the source whose batch it is about.
BY_LOADED = "{{ task.loaded['source'] }}"


@task
def list_sources() -> list[str]:
    """Name the sources of the settings."""
    from pipelines.settings import load_settings

    return load_settings().names_of("client", "contact", "invitation")


@task(map_index_template=BY_SOURCE, pool=publishing_pool())
def load(source: str, batch: str, run: dict[str, str]) -> dict[str, Any]:
    """Publish the batch, unless the gate holds it."""
    from pipelines.load import BatchHeld
    from pipelines.settings import load_settings
    from pipelines.steps import load_batch

    settings, found = load_settings(), {"source": source, "business_date": run["business_date"]}
    try:
        return found | load_batch(settings, batch, run["run_id"], date.fromisoformat(run["business_date"]))
    except BatchHeld as held:
        return found | {"held": str(held), **settings.gate.model_dump()}


@task(map_index_template=BY_SOURCE, pool=publishing_pool())
def decide(source: str, answer: dict[str, Any], run: dict[str, str]) -> str:
    """Do with the held batch what the operator chose, or what the settings say when nobody did."""
    from pipelines.gate import Decision
    from pipelines.held import carry_out
    from pipelines.settings import load_settings

    decision = Decision(verdict_of(answer), decided_at(answer), decided_by(answer))
    carry_out(load_settings(), run["run_id"], source, decision)
    return decision.verdict


@task_group(default_args={"on_failure_callback": note_failure})
def feedback(source: str, run: dict[str, str]) -> Any:
    """One source, from its pages to the warehouse, and to a decision where the gate holds its batch."""
    loaded = load(source, validate(source, extract(source, run), run), run)
    answer = AskAboutHeldBatch(task_id="ask", loaded=loaded, map_index_template=BY_LOADED)
    return loaded, decide(source, answer.output, run)


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


@task(pool=publishing_pool())
def alert(run: dict[str, str]) -> dict[str, int]:
    """Raise the alerts that follow of the scores; gives how many are new, by kind."""
    from pipelines.settings import load_settings
    from pipelines.steps import raise_alerts

    return raise_alerts(load_settings(), date.fromisoformat(run["business_date"]), run["run_id"]).new_by_kind


@task(trigger_rule=TriggerRule.ALL_DONE, outlets=[CLIENT_SCORES], pool=publishing_pool())
def score_released(run: dict[str, str], decided: Any, outlet_events: Any = None) -> None:
    """Score and tell once more where a held batch was released."""
    from pipelines.settings import load_settings
    from pipelines.steps import raise_alerts, score_days

    if "release" not in of_each_source(decided):
        raise AirflowSkipException("nothing was released")
    settings, last_date = load_settings(), date.fromisoformat(run["business_date"])
    score_days(settings, last_date, run["run_id"])
    raise_alerts(settings, last_date, run["run_id"])
    outlet_events[CLIENT_SCORES].extra = run


@task(trigger_rule=TriggerRule.ALL_DONE)
def report(sources: list[str], loaded: Any, run: dict[str, str]) -> None:
    """Turn the run red if a source failed or its batch stays held, and name it."""
    from pipelines.held import still_held
    from pipelines.settings import load_settings

    failed = sorted(set(sources) - {counts["source"] for counts in of_each_source(loaded)})
    held = still_held(load_settings(), run["run_id"])
    told = [f"failed: {', '.join(failed)}; the log of each one's red task says why"] * bool(failed)
    told += [f"held: {', '.join(held)}; see `symetrie batch list`"] * bool(held)
    if told:
        raise AirflowFailException("; ".join(told))


@task(trigger_rule=TriggerRule.ALL_DONE, pool=publishing_pool())
def sweep() -> list[str]:
    """Remove what has had its days; nothing of that fails the day."""
    from pipelines.settings import load_settings
    from pipelines.steps import sweep

    return sweep(load_settings())


@dag(
    schedule=every_morning("30 5 * * *"),
    catchup=False,
    max_active_runs=1,
    deadline=over_within(minutes=90),
    params={"business_date": BUSINESS_DATE, "ask": ASK},
    default_args=dict(TASK_DEFAULTS),
    doc_md=__doc__,
    tags=["client"],
)
def client_feedback_daily() -> None:
    """The table of contents."""
    run = start()
    sources = list_sources()
    loaded, decided = feedback.partial(run=run).expand(source=sources)
    loaded >> score(run) >> [publish(run), alert(run), sweep()]
    score_released(run, decided) >> report(sources, loaded, run)


client_feedback_daily()
