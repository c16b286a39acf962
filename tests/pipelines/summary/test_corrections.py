"""A summary already sent is corrected by a line in the next one, never silently."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pipelines.settings.recipients import Recipient
from pipelines.summary import collect_figures, write_summaries
from pipelines.summary.as_json import figures_json
from pipelines.summary.as_text import page_text
from pipelines.summary.figures import NO_CORRECTIONS, Corrections
from pipelines.summary.telling import make_page
from pipelines.warehouse.tables import correction, outbox, summary

FRIDAY, THURSDAY, WEDNESDAY = (date(2026, 11, 20) - timedelta(days=n) for n in range(3))


def morning(day: date, hour: int = 5) -> datetime:
    """The morning on which a day is told."""
    after = day + timedelta(days=1)
    return datetime(after.year, after.month, after.day, hour, tzinfo=UTC)


@pytest.fixture
def corrected(house):
    """Note a correction: a unit, a day, when it was committed, and how many came late, changed and left."""

    def note(unit_id: str, day: date, at: datetime, late: int = 0, edited: int = 0, withdrawn: int = 0) -> None:
        counts = {"late_count": late, "edited_count": edited, "withdrawn_count": withdrawn}
        row = {"run_id": f"run-{next(house.numbers)}", "source": "enquete", "business_date": day, "unit_id": unit_id}
        with house.warehouse.publishing() as connection:
            connection.execute(sa.insert(correction).values(row | counts | {"corrected_at": at}))

    return note


def found(house: Any, day: date = FRIDAY) -> dict[str, Corrections]:
    figures = collect_figures(house.warehouse, house.settings, day)
    return {unit_id: each.corrections for unit_id, each in figures.items() if each.corrections != NO_CORRECTIONS}


def test_corrections_are_rolled_up_over_the_perimeter(house, corrected) -> None:
    """A site reads its own, its region and the network the sums; who has none reads nothing."""
    house.answers(*house.many("lille", 6, 0))
    corrected("lille", WEDNESDAY, morning(FRIDAY), late=2)
    corrected("lille", THURSDAY, morning(FRIDAY), late=1)
    corrected("arras", THURSDAY, morning(FRIDAY), edited=1, withdrawn=4)
    north = Corrections(3, 1, 4, (WEDNESDAY, THURSDAY))
    assert found(house) == {
        "lille": Corrections(3, 0, 0, (WEDNESDAY, THURSDAY)),
        "arras": Corrections(0, 1, 4, (THURSDAY,)),
        "nord": north,
        "maison": north,
    }


def test_a_correction_is_told_once_by_the_next_summary(house, corrected) -> None:
    """What was committed before the former summary stood in it, what comes after the next one is the next one's."""
    house.recipients = (Recipient(id="anne", name="Anne", unit="lille", locale="fr"),)
    house.answers(*house.many("lille", 6, 0, THURSDAY), *house.many("lille", 6, 0))
    write_summaries(house.warehouse, house.settings, THURSDAY, "summary-thursday")
    [(written_at,)] = house.rows(sa.select(summary.c.written_at))
    corrected("lille", WEDNESDAY, written_at - timedelta(hours=1), late=5)
    assert "lille" not in found(house)
    corrected("lille", WEDNESDAY, written_at + timedelta(microseconds=1), late=2)
    assert found(house)["lille"] == Corrections(2, 0, 0, (WEDNESDAY,), since=THURSDAY)
    write_summaries(house.warehouse, house.settings, FRIDAY, "summary-friday")
    assert "lille" not in found(house, FRIDAY + timedelta(days=1))
    [(body,)] = house.rows(sa.select(summary.c.body_text).where(summary.c.business_date == FRIDAY))
    assert "Depuis hier : 2 réponses arrivées en retard, pour le 18 novembre" in body.replace("\xa0", " ")


def test_a_summary_written_anew_after_its_mail_leaves_the_correction_to_the_next_one(house, corrected) -> None:
    """Its new content is not mailed again, so that it alone would correct in silence."""
    house.recipients = (Recipient(id="anne", name="Anne", unit="lille", locale="fr"),)
    house.answers(*house.many("lille", 6, 0, THURSDAY), *house.many("lille", 6, 0))
    write_summaries(house.warehouse, house.settings, THURSDAY, "summary-thursday")
    [(written_at, content_hash)] = house.rows(sa.select(summary.c.written_at, summary.c.content_hash))
    mail = {"business_date": THURSDAY, "recipient_id": "anne", "unit_id": "lille", "content_hash": content_hash}
    said = {"message_id": "<1@x>", "channel": "email", "address": "a@example.com", "locale": "fr", "status": "sent"}
    moments = dict.fromkeys(("due_at", "next_attempt_at", "created_at"), written_at)
    with house.warehouse.publishing() as connection:
        connection.execute(sa.insert(outbox).values(mail | said | moments | {"attempt_count": 1}))
    corrected("lille", WEDNESDAY, written_at + timedelta(microseconds=1), late=2)
    house.answers(*house.many("lille", 0, 9, THURSDAY))
    assert write_summaries(house.warehouse, house.settings, THURSDAY, "summary-thursday-again") == 1
    assert found(house, FRIDAY)["lille"].late_count == 2


def test_a_unit_without_a_summary_reads_what_was_corrected_that_morning(house, corrected) -> None:
    """From noon to noon: the mornings before had their own pages."""
    house.answers(*house.many("nice", 6, 0))
    corrected("nice", WEDNESDAY, morning(THURSDAY), late=1)
    corrected("nice", WEDNESDAY, morning(FRIDAY), late=2)
    corrected("nice", WEDNESDAY, morning(FRIDAY, hour=13), late=4)
    assert found(house)["nice"].late_count == 2


def test_neither_the_day_itself_nor_days_beyond_every_figure_are_named(house, corrected) -> None:
    """The day is told there and then; four weeks is as far as a summary compares."""
    house.answers(*house.many("nice", 6, 0))
    for day in (FRIDAY, FRIDAY - timedelta(days=28)):
        corrected("nice", day, morning(FRIDAY), late=1)
    assert found(house) == {}
    corrected("nice", FRIDAY - timedelta(days=27), morning(FRIDAY), late=1)
    assert found(house)["nice"].late_count == 1


@pytest.mark.parametrize(
    ("corrections", "french", "english"),
    [
        (
            Corrections(3, 1, 0, (date(2026, 11, 18), date(2026, 11, 19)), THURSDAY),
            (
                "Depuis hier : 3 réponses arrivées en retard et 1 modifiée, pour le 18 et le 19 novembre ; "
                "leurs chiffres ont été recalculés."
            ),
            (
                "Since yesterday: 3 answers came late and 1 was changed, for 18 and 19 November; "
                "their figures have been worked out again."
            ),
        ),
        (
            Corrections(0, 0, 1, (date(2026, 11, 18),), None),
            "Depuis hier : 1 réponse retirée, pour le 18 novembre ; ses chiffres ont été recalculés.",
            "Since yesterday: 1 answer was taken back, for 18 November; its figures have been worked out again.",
        ),
        (
            Corrections(1, 2, 3, (date(2026, 10, 30), date(2026, 11, 1), date(2026, 11, 2)), date(2026, 11, 16)),
            (
                "Depuis le résumé du lundi 16 novembre : 1 réponse arrivée en retard, 2 modifiées et 3 retirées, "
                "pour 3 jours, du 30 octobre au 2 novembre ; leurs chiffres ont été recalculés."
            ),
            (
                "Since the summary of Monday 16 November: 1 answer came late, 2 were changed and 3 were taken back, "
                "for 3 days, from 30 October to 2 November; their figures have been worked out again."
            ),
        ),
        (
            Corrections(0, 2, 0, (date(2026, 10, 31), date(2026, 11, 1)), THURSDAY),
            (
                "Depuis hier : 2 réponses modifiées, pour le 31 octobre et le 1er novembre ; "
                "leurs chiffres ont été recalculés."
            ),
            (
                "Since yesterday: 2 answers were changed, for 31 October and 1 November; "
                "their figures have been worked out again."
            ),
        ),
        (NO_CORRECTIONS, "", ""),
    ],
)
def test_the_line_says_what_changed_and_of_which_days(make, corrections, french: str, english: str) -> None:
    """As a person of retail writes it, in both languages."""
    told = {locale: make_page(make.figures(corrections=corrections), locale).corrections for locale in ("fr", "en")}
    assert {locale: said.replace("\xa0", " ").replace("\u202f", " ") for locale, said in told.items()} == {
        "fr": french,
        "en": english,
    }


def test_every_form_of_the_summary_carries_the_line(make) -> None:
    """The page, the text of the mail, and the figures as JSON."""
    from pipelines.summary import render_html

    figures = make.figures(corrections=Corrections(3, 0, 0, (WEDNESDAY,), THURSDAY))
    assert "3 answers came late" in render_html(figures, "en")
    assert "3 answers came late" in page_text(make_page(figures, "en"))
    assert (
        '"corrections":{"late_count":3,"edited_count":0,"withdrawn_count":0,"days":["2026-11-18"],'
        '"since":"2026-11-19"}' in figures_json(figures)
    )
