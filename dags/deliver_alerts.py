"""Tells ops teams the alerts of the morning: one message per channel, worst first.

**When.** Every quarter of an hour, by the clock. A channel of `alerts.channels` has its message when its hour strikes
in the time zone of its unit, for the day before; urgent kinds (`urgent`) go as soon as they are raised. A run started
by hand with the parameter `business_date` tells that day's alerts.

**What it does.** `tell` writes one message per channel with everything that is new to it: opened, worsened,
escalated, recovered or withdrawn. It queues the message in `ops.alert_outbox` and hands it over. What was told is
noted, so that no replay tells it again; a morning with nothing to tell sends nothing, unless the channel asks for it.
Without a channel in `symetrie.yaml` it is skipped.

**When it is red**, the last line of the log says why. `symetrie status` says the same at any time:

- *The channel cannot be reached, or answers with an error*: nothing is lost, the message waits. The next run sends it.
- *Dead letters*: the channel refused for good, in the words shown. Mend it, then
  `symetrie alerts tell --resend --channel ID --date DAY`.

**Deadline.** A run that is not over 30 minutes after it was queued writes `morning.late` to the log.

**Retries** are those of `client_feedback_daily`; besides, every run takes up what the one before has left.

**Running it again** is safe: what is told stays told. Two at once share the work.

**Pool.** None: it holds the warehouse only between messages.

**Connections.** Each channel names its own; a webhook's address is a secret and stands in Airflow under that id.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from deadlines import over_within
from wiring import BUSINESS_DATE, TASK_DEFAULTS, airflow_connection


@task
def tell(params: Any = None) -> dict[str, int]:
    """Tell what is due and count what became of it."""
    from pipelines.settings import load_settings
    from pipelines.steps import tell_alerts

    settings = load_settings()
    if not settings.alerts.channels:
        raise AirflowSkipException("the settings have no channel under `alerts`: nothing is told")
    asked = params["business_date"]
    standing = tell_alerts(
        settings, business_date=date.fromisoformat(asked) if asked else None, connections=airflow_connection
    )
    return {"sent": standing.sent_count, "late": len(standing.late), "newly_dead": standing.newly_dead_count}


@task
def report(told: dict[str, int]) -> None:
    """Turn the run red when a message has died in it, or is late."""
    if told["late"] or told["newly_dead"]:
        raise AirflowFailException(
            f"{told['late']} messages late, {told['newly_dead']} newly dead; see symetrie status"
        )


@dag(
    schedule="*/15 * * * *",
    catchup=False,
    max_active_runs=1,
    deadline=over_within(minutes=30),
    params={"business_date": BUSINESS_DATE},
    default_args=dict(TASK_DEFAULTS),
    doc_md=__doc__,
    tags=["client"],
)
def deliver_alerts() -> None:
    """The table of contents."""
    report(tell())


deliver_alerts()
