"""Mails the morning answer to every recipient, at the hour of their own clock.

**When.** Every quarter of an hour, by the clock. Which mails are due follows from the settings: each recipient has
theirs when the hour of `delivery`, or their own, strikes in the time zone of their unit, from +14 to -12, for the day
before. A run started by hand with the parameter `business_date` sends that day's mails.

**What it does.** `deliver` writes the summaries of those who are due, with whatever is there by then: a source that
failed or is late is named in them with its age. It queues one mail for each in `ops.outbox` and sends what waits there.
A mail is sent at least once, under a Message-ID that never changes, and never twice unless somebody asks for it.
Without the block `delivery` in `symetrie.yaml` it is skipped.

**When it is red**, the last line of the log says why. `symetrie status` says the same at any time:

- *The mail server cannot be reached, or refuses login or sender*: nothing is lost, every mail waits. Mend the cause;
  the next run sends what waits.
- *Dead letters*: the server refused an address or a message for good, in the words shown. The others have their mail.
  Mend the address in `symetrie.yaml`, then `symetrie deliver --resend --recipient ID`.
- *Late*: mails are waiting longer after their hour than `late_after_minutes`. The words of the server stand beside.

**Deadline.** A run that is not over 30 minutes after it was queued writes `morning.late` to the log.

**Retries** are those of `client_feedback_daily`; besides, every run takes up what the one before has left.

**Running it again** is safe: what is sent stays sent. Two at once share the work.

**Pool.** None: it holds the warehouse only between mails, and loading need not wait for a mail server.

**Connection.** `delivery.connection` names it; host, port, login and password stand in Airflow under that id.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from deadlines import over_within
from wiring import BUSINESS_DATE, TASK_DEFAULTS, airflow_connection


@task
def deliver(params: Any = None) -> dict[str, int]:
    """Send what is due and count what became of it."""
    from pipelines.settings import load_settings
    from pipelines.steps import deliver_summaries

    settings = load_settings()
    if settings.delivery is None:
        raise AirflowSkipException("the settings have no block `delivery`: nothing is mailed")
    asked = params["business_date"]
    standing = deliver_summaries(
        settings, business_date=date.fromisoformat(asked) if asked else None, connections=airflow_connection
    )
    return {"sent": standing.sent_count, "late": len(standing.late), "newly_dead": standing.newly_dead_count}


@task
def report(mail: dict[str, int]) -> None:
    """Turn the run red when a mail has died in it, or when the morning is late."""
    if mail["late"] or mail["newly_dead"]:
        raise AirflowFailException(f"{mail['late']} mails late, {mail['newly_dead']} newly dead; see symetrie status")


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
def deliver_summaries() -> None:
    """The table of contents."""
    report(deliver())


deliver_summaries()
