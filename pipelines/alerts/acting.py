"""What a person does about an alert: written for ever, and told in the alert at once."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from pipelines.alerts.folding import refold
from pipelines.alerts.reading import AlertRow, read_alert
from pipelines.errors import SymetrieError
from pipelines.summary.cleaning import shorten
from pipelines.warehouse.alerts_looked import last_looked
from pipelines.warehouse.alerts_marked import after_all_before, write_action
from symetrie.alerts.states import AFTER, possible_actions

if TYPE_CHECKING:
    from pipelines.settings import Network, Settings
    from pipelines.warehouse import Warehouse
    from symetrie.alerts.marks import ActionName

log = structlog.get_logger(__name__)

LONGEST_NOTE = 1000

LONGEST_SNOOZE_DAYS = 28
"""Four weeks: whoever wants to hear of an alert later than that wants to close it."""


def act(
    warehouse: Warehouse,
    settings: Settings,
    alert_id: str,
    action: ActionName,
    *,
    by: str,
    note: str = "",
    until_on: date | None = None,
    now: datetime,
) -> AlertRow:
    """Acknowledge, correct, snooze or close an alert, in somebody's name; gives the alert as it stands then."""
    if not by.strip():
        raise SymetrieError("alerts: nobody's name was given; write it after --by")
    with warehouse.publishing() as connection:
        seen = read_alert(connection, alert_id)
        now = after_all_before(connection, seen.cause_id, now)
        today = now.astimezone(ZoneInfo(_timezone(settings.network, seen.unit_id))).date()
        _refuse_what_is_not_possible(seen, action, until_on, today)
        action_id = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
        write_action(
            connection,
            {
                "action_id": action_id,
                "alert_id": seen.alert_id,
                "cause_id": seen.cause_id,
                "opened_on": seen.opened_on,
                "action": action,
                "acted_at": now,
                "acted_on": today,
                "acted_by": _on_one_line(by),
                "note": _on_one_line(note),
                "until_on": until_on,
                "severity": seen.severity,
                "size_points": seen.size_points,
            },
        )
        refold(warehouse, connection, settings, [seen.cause_id], last_looked(connection) or seen.last_seen_on)
        after = read_alert(connection, seen.alert_id)
    log.info(
        "alert.acted_on", alert_id=after.alert_id, action=action, state=after.state
    )  # neither who nor what they wrote
    return after


def _refuse_what_is_not_possible(seen: AlertRow, action: ActionName, until_on: date | None, today: date) -> None:
    possible = possible_actions(seen.state)
    if not possible:
        raise SymetrieError(
            f"alert {seen.alert_id}: is {seen.state} since {seen.ended_on}; nothing more can be done about it"
        )
    if (seen.state, action) not in AFTER:
        raise SymetrieError(f"alert {seen.alert_id}: is {seen.state} already; possible now: {', '.join(possible)}")
    if until_on is None:
        return
    if until_on < today:
        raise SymetrieError(f"alert {seen.alert_id}: {until_on} is over; snooze until {today} or later")
    if (until_on - today).days > LONGEST_SNOOZE_DAYS:
        raise SymetrieError(
            f"alert {seen.alert_id}: {until_on} is more than {LONGEST_SNOOZE_DAYS} days away;"
            " snooze for less, or close it"
        )


def _on_one_line(written: str) -> str:
    """What somebody wrote, as others may read it: without what moves a terminal, and not without end."""
    return shorten(written.encode("utf-8", "replace").decode(), LONGEST_NOTE)


def _timezone(network: Network, unit_id: str) -> str:
    """The time zone of a unit; of one that the settings no longer know, that of the network."""
    return network.timezone_of(unit_id if unit_id in network.unit_ids else network.roots[0])
