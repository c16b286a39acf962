"""The content hash tells a change from a repetition."""

from __future__ import annotations

import pytest


@pytest.fixture
def hashes(validated, answer):
    def of(*rows, **settings) -> list[str]:
        return list(validated(*(answer(**row) for row in rows), **settings).accepted["content_hash"])

    return of


def test_versions_and_judgements_are_no_content(hashes) -> None:
    rows = [
        {},
        {"updated_at": "2026-11-20T23:00:00Z"},
        {"submitted_at": "2026-11-20T09:00:00Z"},
        {"verbatim": "Très bien"},
    ]
    assert len(set(hashes(*rows))) == 1


def test_every_other_change_is_a_change(hashes) -> None:
    rows = [
        {}, {"overall": 4}, {"overall": None}, {"nps": 10}, {"trust": 5}, {"values": 5}, {"verbatim": "Très bien !"},
        {"verbatim": None}, {"channel": "web"}, {"unit_id": "nice"}, {"submitted_at": "2026-11-20T09:00:00.001Z"},
        {"experienced_at": "2026-11-19"}, {"can_contact": "yes"}, {"can_contact": "no"}, {"is_verified": "no"},
        {"touchpoint": "till"}, {"contact_reason": "till"}, {"language": "till"}, {"source_url": "till"},
    ]  # fmt: skip
    assert len(set(hashes(*rows))) == len(rows)


def test_texts_do_not_run_into_each_other(hashes) -> None:
    rows = [
        {"touchpoint": "a|1", "contact_reason": "b"}, {"touchpoint": "a", "contact_reason": "1|b"},
        {"touchpoint": "-"}, {"touchpoint": None}, {"touchpoint": "a|1|b", "contact_reason": None},
    ]  # fmt: skip
    assert len(set(hashes(*rows))) == len(rows)


def test_it_does_not_depend_on_what_else_is_in_the_batch(hashes) -> None:
    alone = hashes({"overall": 1})
    among = hashes({"response_id": "b"}, {"overall": 1}, {"response_id": "c", "unit_id": "london"})
    assert set(alone) < set(among)
