"""A house of shops whose agents note what they expect of their contacts, beside the survey that clients answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from pipelines import steps
from pipelines.settings import Settings
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.tables import agreement, client_response, contact_rating

HOUSE = """\
network:
  units:
    - {id: chain, kind: network, name: The chain, timezone: Europe/Paris}
    - {id: lyon, kind: site, name: Lyon, parent: chain}
    - {id: lille, kind: site, name: Lille, parent: chain}
    - {id: nice, kind: site, name: Nice, parent: chain}
    - {id: online, kind: network, name: Online, timezone: Europe/Paris, partition: web}
    - {id: shop, kind: site, name: The web shop, parent: online, partition: web}
questionnaires:
  client-1:
    overall: {field: mark, scale: one_to_five}
sources:
  - name: survey
    path: drops/survey/*.csv
    questionnaire: client-1
    settle_seconds: 0
    fields: {response_id: id, unit_id: shop, submitted_at: at}
  - name: calls
    side: contact
    client_source: survey
    path: drops/calls/*.csv
    settle_seconds: 0
    date_formats: ["%d/%m/%Y %H:%M"]
    fields:
      contact_id: Contact
      unit_id: Magasin
      submitted_at: Date
      agent: Identifiant
      estimate: Note
      client_response_id: Réponse
"""
HEADER = ("Contact", "Magasin", "Date", "Nom", "E-mail", "Identifiant", "Note", "Réponse")
PLANTED = ("Kowalczyk", "b.kowalczyk@example.com", "bkowalczyk7", "2026 10:42", "11-05 09:42", "11-05T09:42")
LAST = date(2026, 11, 20)
END = date(2026, 11, 8)  # of the stretch of 28 days that is told by then

Row = Sequence[Any]
House = Callable[..., Settings]


def contact(
    id_: str, shop: str = "lyon", at: str = "05/11/2026 10:42", *, agent: str = "bkowalczyk7", **more: str
) -> Row:
    """What is exported of one contact, with everything that the tool knows of the agent."""
    note, answer = more.get("note", "4"), more.get("answer", f"r-{id_}")
    return (id_, shop, at, "Bérangère Kowalczyk", "b.kowalczyk@example.com", agent, note, answer)


def rows(settings: Settings, *columns: Any) -> list[tuple[Any, ...]]:
    """Read columns of one table, in a steady order."""
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse, warehouse.reading() as connection:
        return sorted((tuple(row) for row in connection.execute(sa.select(*columns))), key=repr)


@dataclass(frozen=True)
class Rated:
    """A contact with the agent's estimate and the client's mark: 0 where no client has answered."""

    unit: str
    agent: str
    estimate: int
    mark: int
    day: date = date(2026, 11, 5)
    client_unit: str | None = None
    status: str = "published"


def store(settings: Settings, rated: Iterable[Rated]) -> None:
    """Put contacts and their answers into `core` as loads do, and the network of the settings."""
    steps.start_run(settings, LAST)
    at = datetime(2026, 11, 6, tzinfo=UTC)
    contacts, answers = [], []
    for number, each in enumerate(rated):
        contacts.append(
            {
                "source": "calls", "contact_id": f"c{number}", "unit_id": each.unit, "business_date": each.day,
                "agent_key": each.agent, "agent_estimate": each.estimate, "client_source": "survey",
                "client_response_id": f"r{number}", "version_at": at, "content_key": f"k{number}", "run_id": "test",
            }
        )  # fmt: skip
        if each.mark:
            answers.append(
                {
                    "source": "survey", "response_id": f"r{number}", "questionnaire_version": "client-1",
                    "unit_id": each.client_unit or each.unit, "channel": "unknown", "status": each.status,
                    "business_date": each.day, "submitted_at": at,
                    "version_at": at, "overall": each.mark, "content_hash": f"h{number}", "run_id": "test",
                }
            )  # fmt: skip
    with (
        closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse,
        warehouse.publishing(refreshes_readers=False) as into,
    ):
        into.execute(sa.insert(contact_rating), contacts)
        if answers:
            into.execute(sa.insert(client_response), answers)


def score(settings: Settings, last: date = LAST) -> None:
    """Compute what is told on a business date, as the score step does."""
    from pipelines.contacts.agreeing import agree

    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse:
        agree(settings, warehouse, last)


def told(settings: Settings, last: date = END) -> dict[str, Any]:
    """Units with how many contacts their figures stand on, or the reason why none is told."""
    at = agreement.c
    found = rows(settings, at.as_of, at.window_days, at.unit_id, at.contact_count, at.hidden_reason)
    return {unit: reason or count for day, window, unit, count, reason in found if (day, window) == (last, 28)}


def withdraw(settings: Settings, response_id: str) -> None:
    """Take a client's answer back."""
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse, warehouse.publishing() as into:
        into.execute(sa.delete(client_response).where(client_response.c.response_id == response_id))
