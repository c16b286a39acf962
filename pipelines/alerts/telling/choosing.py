"""Which alerts a channel is told of: what has happened since it was last told, and nothing of what is long past."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.alerts.telling.record import OVER, ToldAlert, WatchedAlert
from symetrie.alerts.finding import Kind, Lane
from symetrie.alerts.marks import Reason

NEWS_DAYS = 7
"""What opened or ended longer before the business date is history: the backfill of a year tells nothing."""

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Interest:
    """What a channel wants to hear of."""

    unit_id: str
    units: Collection[str]  # its own and all below
    lanes: Collection[Lane]
    severity: int
    kinds: Collection[Kind] | None = None  # of an urgent message; None for all


def to_be_told(alerts: Iterable[WatchedAlert], interest: Interest, business_date: date) -> list[ToldAlert]:
    """Give the alerts that a channel is to be told of in the message about a business date, each with the reason."""
    return list(_to_be_told(alerts, interest, business_date))


def _to_be_told(alerts: Iterable[WatchedAlert], interest: Interest, day: date) -> Iterator[ToldAlert]:
    for alert in alerts:
        row = alert.row
        if row.lane not in interest.lanes or not (interest.kinds is None or row.kind in interest.kinds):
            continue
        if row.snoozed_until is not None and row.snoozed_until > day:  # the message is read on the day after
            continue
        is_back = alert.was_withdrawn and row.state == "open"
        is_known = alert.told and not is_back
        reason = _reason_again(alert, day) if is_known else _reason_at_first(alert, interest, day)
        if reason is not None:
            yield ToldAlert(row, reason)


def _reason_at_first(alert: WatchedAlert, interest: Interest, day: date) -> Reason | None:
    """An alert that somebody has taken up, or that is over before anybody was told, needs no message."""
    row = alert.row
    is_news = _first_day(day) <= row.opened_on <= day
    # What nobody reacted to reaches the unit above whatever it weighs.
    is_bad_enough = row.severity >= interest.severity or row.escalated_to_unit_id == interest.unit_id
    is_told = row.state == "open" and is_news and is_bad_enough and row.unit_id in interest.units
    return "opened" if is_told else None


def _reason_again(alert: WatchedAlert, day: date) -> Reason | None:
    """What has become of an alert since it was told; its unit may have left the perimeter by then."""
    row = alert.row
    if any(reason in OVER for reason, _ in alert.told):
        return None
    if row.state in OVER:
        is_news = _first_day(day) <= (row.ended_on or row.opened_on)
        return ("recovered" if row.state == "recovered" else "withdrawn") if is_news else None
    last = max(told_on for _, told_on in alert.told)
    # A message is read on the day after its business date: what that morning brought was in it.
    if row.state == "open" and _is_new(alert.escalated_on, last + ONE_DAY, day + ONE_DAY):
        return "escalated"
    return "worsened" if row.state in ("open", "acknowledged") and _is_new(alert.worsened_on, last, day) else None


def _is_new(happened_on: date | None, last: date, day: date) -> bool:
    return happened_on is not None and max(last, _first_day(day) - ONE_DAY) < happened_on <= day


def _first_day(day: date) -> date:
    return day - timedelta(days=NEWS_DAYS)
