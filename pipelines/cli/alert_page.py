"""One alert whole: what it stands on, what was said, what happened, and what can be typed next."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pipelines.alerts.annotations import Annotation, annotations_around
from pipelines.alerts.reading import AlertRow, EventRow, NoticeRow, read_alert, read_events, read_notices, words_of
from pipelines.cli.alert_table import COLOURS, SEVERITIES, SHOWN_DIGITS
from pipelines.cli.screen import table
from pipelines.delivery.leasing import SENT
from pipelines.summary.telling.answer import capitalised
from pipelines.warehouse.alerts_marked import actions_by_id
from symetrie.alerts.states import possible_actions

if TYPE_CHECKING:
    import sqlalchemy as sa
    from rich.console import Console

    from pipelines.cli.alert_words import AlertSpeaker

COMMANDS = {
    "acknowledge": 'symetrie alerts ack {id} --note "…"',
    "correct": 'symetrie alerts correct {id} --note "what was done"',
    "snooze": "symetrie alerts snooze {id} --until YYYY-MM-DD",
    "close": 'symetrie alerts close {id} --note "…"',
}
LOST_BECAUSE = {"unit_closed": "The unit has closed", "unit_moved": "The unit is compared with others now"}
LONGEST_VALUE = 200


@dataclass(frozen=True)
class WholeAlert:
    """An alert with all that is known of it."""

    row: AlertRow
    words: str
    events: Sequence[EventRow]
    notices: Sequence[NoticeRow]
    actions: Mapping[str, Any]
    annotations: Sequence[Annotation] = ()

    def as_record(self, speaker: AlertSpeaker) -> dict[str, Any]:
        """The same for a program."""
        return speaker.as_record(self.row) | {
            "words": self.words or None,
            "events": [self._event(each) for each in self.events],
            "notices": [asdict(each) for each in self.notices],
            "annotations": [asdict(each) for each in self.annotations],
            "possible_actions": list(possible_actions(self.row.state)),
        }

    def done(self, event: EventRow) -> Any | None:
        """What a person did, where the event is that."""
        return self.actions.get(event.detail.get("action_id", ""))

    def _event(self, event: EventRow) -> dict[str, Any]:
        done = self.done(event)
        told = {name: getattr(event, name) for name in ("on_date", "event", "from_state", "to_state", "detail")}
        return told if done is None else told | {"by": done.acted_by, "note": done.note}


def read_whole(connection: sa.Connection, written: str) -> WholeAlert:
    """Read an alert by its id, or by enough of its beginning."""
    row = read_alert(connection, written)
    return WholeAlert(
        row,
        words_of(connection, [row]).get(row.alert_id, ""),
        read_events(connection, [row.alert_id])[row.alert_id],
        read_notices(connection, [row.alert_id]).get(row.alert_id, ()),
        actions_by_id(connection, row.cause_id),
        annotations_around(connection, row),
    )


def print_alert(screen: Console, found: WholeAlert, speaker: AlertSpeaker) -> None:
    """Print it as a page."""
    from rich.padding import Padding
    from rich.text import Text

    row = found.row
    screen.print(f"{speaker.unit(row.unit_id)}: {speaker.said(row)}", style="bold", markup=False)
    facts = (SEVERITIES[row.severity], f"{row.lane}, {row.kind}", f"since {row.opened_on}", speaker.standing(row))
    screen.print("  ".join(facts), style=COLOURS[row.severity] if row.is_active else "", markup=False)
    for line in speaker.details(row):
        screen.print(f"  {line}", markup=False)
    if found.words:
        screen.print()
        screen.print(Padding(Text(f"“{found.words}”", style="italic"), (0, 0, 0, 2)))
    if row.lane == "case":
        reach = speaker.reach(row)
        where = reach or f"in the source {row.subject.partition('/')[0]}, answer {row.subject.partition('/')[2]}"
        screen.print(f"  Answer the client: {where}", markup=False, soft_wrap=True)
    _print_lines(screen, "What happened", _story(found, speaker))
    _print_lines(screen, "What else happened", ((line,) for line in speaker.also(found.annotations)))
    known = sorted(name for name, value in row.evidence.items() if value not in (None, "", []))
    _print_lines(screen, "What it stands on", ((name, _plain(row.evidence[name])) for name in known))
    _print_lines(screen, "What you can type", ((line,) for line in next_lines(row)))


def next_lines(row: AlertRow) -> Iterator[str]:
    """The commands that are possible now; where none is, why."""
    possible = possible_actions(row.state)
    for name in possible:
        yield COMMANDS[name].format(id=row.alert_id[:SHOWN_DIGITS])
    if not possible:
        yield "Nothing: it has ended. A new finding after its recovery opens a new alert."


def _print_lines(screen: Console, title: str, lines: Iterator[tuple[str, ...]]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    rows = list(lines)
    if not rows:
        return
    shown = table(*("" for _ in rows[0]))
    shown.show_header, shown.box, shown.padding = False, None, (0, 2, 0, 0)
    for row in rows:
        shown.add_row(*map(Text, row))
    screen.print()
    screen.print(title, style="bold")
    screen.print(Padding(shown, (0, 0, 0, 2), expand=False))


def _story(found: WholeAlert, speaker: AlertSpeaker) -> Iterator[tuple[str, ...]]:
    """Every event and every message, in order of their days; of one day what happened comes first."""
    lines: list[tuple[date, int, int, str, str]] = [
        (each.on_date, 0, each.number, each.event, _told(found, each, speaker)) for each in found.events
    ]
    lines += [
        (each.business_date, 1, number, "told", f"{each.reason}, in channel {each.channel}{_undelivered(each)}")
        for number, each in enumerate(found.notices)
    ]
    for on_date, _, _, name, said in sorted(lines):
        yield str(on_date), name, said


def _undelivered(notice: NoticeRow) -> str:
    is_there = notice.message_status in (SENT, None)
    return "" if is_there else f"; the message is {notice.message_status}, see symetrie alerts tell"


def _told(found: WholeAlert, event: EventRow, speaker: AlertSpeaker) -> str:
    """What an event says beside its name."""
    detail, done = event.detail, found.done(event)
    if done is not None:
        until = f", until {detail['until_on']}" if "until_on" in detail else ""
        stayed = f" (it was {event.to_state} already)" if _came_late(event) else ""
        return f"by {done.acted_by}{until}{f': {done.note}' if done.note else ''}{stayed}"
    if event.event == "escalated":
        return f"to {speaker.unit(detail['unit_id'])}"
    if event.event == "worsened":
        return f"severity {detail['severity']} after {detail['former_severity']}"
    if event.event == "moved":
        return f"by late data, from {detail['former_opened_on']}"
    if event.event == "revised":
        return f"by late data: {_figures(detail, 'told_')} was told, {_figures(detail, '')} is right"
    if "why" in detail:
        return LOST_BECAUSE[detail["why"]]
    return capitalised("nobody had to close it") if detail.get("by_itself") else ""


def _came_late(event: EventRow) -> bool:
    return event.event != "snoozed" and event.from_state == event.to_state


def _figures(detail: Mapping[str, Any], prefix: str) -> str:
    size = detail[f"{prefix}size_points"]
    return f"severity {detail[f'{prefix}severity']}" + ("" if size is None else f", {size:+.1f} points")


def _plain(value: object) -> str:
    """A value of the evidence on one line."""
    if isinstance(value, list) and all(isinstance(each, str | int | float) for each in value):
        text = ", ".join(map(str, value))
    elif isinstance(value, str):
        text = value
    else:
        text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
