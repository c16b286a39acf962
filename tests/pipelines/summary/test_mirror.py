"""The mirror at a glance: in the summary from the newest publication, and nowhere where teams are not asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from pipelines.settings.recipients import Recipient
from pipelines.summary import render_html, render_json, unit_page, write_summaries
from pipelines.summary.addresses import mirror_page
from pipelines.summary.as_mail import mail_html
from pipelines.summary.as_text import page_text
from pipelines.summary.figures import MirrorGlance, WatchedDimension
from pipelines.summary.mirror import read_mirrors
from pipelines.summary.telling import make_page
from pipelines.warehouse.tables import mirror, publication, summary

CLOSES = date(2026, 10, 31)
SCORES = {"solid": (80.0, 70.0, 88.0), "weak": (40.0, 20.0, 52.0), "weak_and_sure": (45.0, 42.0, 48.0)}


def read(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


def glance(compared: int = 11, solid: int = 7, watched: WatchedDimension | None = None) -> MirrorGlance:
    return MirrorGlance(date(2026, 10, 5), CLOSES, compared, solid, watched)


LISTENING = WatchedDimension("listening", "clients_only", 62.0, 41.0)


def publish(warehouse, publication_id: str = "autumn-1", closes_on: date = CLOSES, **others) -> None:
    text = dict.fromkeys(
        ("campaign_id", "campaign_name", "questionnaire_version", "cuts", "content_hash", "run_id"), ""
    )
    counts = dict.fromkeys(("shown_count", "hidden_count", "number"), 1)
    row = {
        "publication_id": publication_id,
        "published_at": datetime.combine(closes_on + timedelta(days=1), datetime.min.time(), UTC),
        "opens_on": closes_on - timedelta(days=26),
        "closes_on": closes_on,
        "dimension_count": 11,
        "floor": 5,
        "verbatim_floor": 8,
        "unanimity_floor": 30,
    }
    insert(warehouse, publication, row | text | counts | others)


def reflect(warehouse, measure: str, client: str, employee: str, quadrant: str | None, **others) -> None:
    row = {
        "as_of": CLOSES,
        "unit_id": "lille",
        "measure": measure,
        "publication_id": "autumn-1",
        "window_days": 91,
        "dimension_count": 11,
        "quadrant": quadrant,
    }
    for side, named in (("client", client), ("employee", employee)):
        row |= dict(zip((f"{side}_score", f"{side}_low", f"{side}_high"), SCORES[named], strict=True))
    insert(warehouse, mirror, row | others)


def insert(warehouse, table: sa.Table, row) -> None:
    with warehouse.publishing(refreshes_readers=False) as connection:
        connection.execute(sa.insert(table), [row])


def seen(warehouse, day: date, *unit_ids: str) -> Mapping[str, MirrorGlance]:
    with warehouse.reading() as connection:
        return read_mirrors(connection, day, set(unit_ids or ["lille"]))


@pytest.fixture
def mirrored(warehouse):
    """A warehouse in which the teams of Lille were asked in October."""
    publish(warehouse)
    reflect(warehouse, "autonomy", "solid", "solid", "both_solid")
    reflect(warehouse, "cooperation", "solid", "weak", "clients_only")
    reflect(warehouse, "competence", "solid", "weak", None)
    reflect(warehouse, "overall", "solid", "solid", "both_solid")
    return warehouse


def test_the_glance_counts_the_dimensions_that_can_be_compared(mirrored, friday):
    assert seen(mirrored, friday, "lille", "nice") == {
        "lille": MirrorGlance(
            opens_on=date(2026, 10, 5),
            as_of=CLOSES,
            compared_count=2,
            solid_count=1,
            watched=WatchedDimension("cooperation", "clients_only", 80.0, 40.0),
        )
    }


def test_what_is_surely_weak_comes_first_and_before_it_what_neither_side_finds(mirrored, friday):
    """40 % of few answers reaches up to 52 %, 45 % of many only to 48 %."""
    reflect(mirrored, "conduct", "solid", "weak_and_sure", "clients_only")
    assert seen(mirrored, friday)["lille"].watched.measure == "conduct"
    reflect(mirrored, "trust", "weak", "weak", "neither")
    assert seen(mirrored, friday)["lille"].watched.measure == "trust"


def test_a_publication_that_was_not_held_against_clients_yet_leaves_the_one_before(mirrored, friday):
    publish(mirrored, "winter-1", friday)
    assert seen(mirrored, friday)["lille"].as_of == CLOSES


def test_a_day_knows_the_campaigns_that_are_over_and_those_published_while_they_run(mirrored, friday):
    running = CLOSES + timedelta(days=90)
    publish(mirrored, "winter-1", running, published_at=datetime(2026, 11, 20, 9, tzinfo=UTC))
    reflect(mirrored, "trust", "solid", "solid", "both_solid", as_of=running, publication_id="winter-1")
    days = (CLOSES - timedelta(days=1), CLOSES, friday - timedelta(days=1), friday)
    found = [seen(mirrored, day).get("lille") for day in days]
    assert [each and each.as_of for each in found] == [None, CLOSES, CLOSES, running]


def test_each_unit_is_told_its_own_newest_campaign(mirrored, friday):
    later = CLOSES + timedelta(days=10)
    publish(mirrored, "south-1", later)
    reflect(mirrored, "trust", "solid", "solid", "both_solid", as_of=later, publication_id="south-1", unit_id="nice")
    found = seen(mirrored, friday, "lille", "nice")
    assert {unit_id: each.as_of for unit_id, each in found.items()} == {"lille": CLOSES, "nice": later}
    assert seen(mirrored, CLOSES + timedelta(days=400)).keys() == set()


def test_all_units_are_read_in_one_query(warehouse, friday):
    statements: list[str] = []
    sa.event.listen(warehouse.engine, "before_cursor_execute", lambda *executed: statements.append(executed[2]))
    many = [f"site-{number}" for number in range(2000)]

    publish(warehouse)
    reflect(warehouse, "autonomy", "solid", "solid", "both_solid", unit_id="site-7")
    statements.clear()
    assert seen(warehouse, friday, *many).keys() == {"site-7"}
    assert len(statements) == 1
    assert "core." not in statements[0]


def test_the_section_is_a_line_or_two(make):
    block = make_page(make.figures(mirror=glance(watched=LISTENING)), "fr").mirror
    assert read(block.title) == "Le miroir de vos équipes"
    assert read(block.span) == "Campagne du 5 au 31 octobre 2026"
    assert [read(sentence) for sentence in block.sentences] == [
        "7 dimensions sur 11 sont solides des deux côtés.",
        "À regarder, aux dépens de l'équipe : l'écoute et le feedback (clients 62 %, équipes 41 %).",
    ]


@pytest.mark.parametrize(
    ("compared", "solid", "french", "english"),
    [
        (
            11, 0,
            "Aucune des 11 dimensions n'est solide des deux côtés.",
            "None of the 11 dimensions is solid on both sides.",
        ),
        (11, 1, "1 dimension sur 11 est solide des deux côtés.", "1 dimension out of 11 is solid on both sides."),
        (
            4, 3,
            "Dimensions comparées : 4, dont 3 solides des deux côtés.",
            "Dimensions compared: 4, of which 3 are solid on both sides.",
        ),
        (
            0, 0,
            "Pas assez de réponses pour comparer vos clients et vos équipes.",
            "Not enough answers to compare your clients and your teams.",
        ),
    ],
)  # fmt: skip
def test_a_share_of_four_dimensions_is_never_told_as_one_of_eleven(make, compared, solid, french, english):
    for locale, said in (("fr", french), ("en", english)):
        block = make_page(make.figures(mirror=glance(compared, solid)), locale).mirror
        assert [read(sentence) for sentence in block.sentences] == [said]


def test_a_score_just_off_the_line_does_not_read_as_the_line(make):
    just = replace(LISTENING, quadrant="team_only", client_score=55.0, employee_score=55.3)
    block = make_page(make.figures(mirror=glance(watched=just)), "en").mirror
    assert block.sentences[1] == ("To look at, inward comfort: listening and feedback (clients 55%, teams 55.3%).")


def test_page_mail_text_and_json_all_carry_the_section(make):
    figures = make.figures(mirror=glance(watched=LISTENING))
    page = make_page(figures, "en")
    for form in (render_html(figures, "en"), mail_html(page), page_text(page)):
        assert "7 dimensions out of 11 are solid on both sides." in form
    assert json.loads(render_json(figures, "en"))["mirror"]["watched"]["employee_score"] == 41.0


def test_a_house_that_does_not_ask_its_teams_never_hears_of_a_mirror(make):
    figures = make.figures()
    page = make_page(figures, "fr")
    assert page.mirror is None
    for form in (render_html(figures, "fr"), mail_html(page), page_text(page), render_json(figures, "fr")):
        assert "mir" not in form.lower().replace("admir", "")


def test_the_page_leads_to_a_mirror_that_was_written_and_the_mail_to_nothing(house, friday):
    house.recipients = (Recipient(id="claire", name="Claire", unit="lille", locale="fr"),)
    house.answers(*house.many("lille", 9, 1))
    publish(house.warehouse)
    reflect(house.warehouse, "autonomy", "solid", "solid", "both_solid")
    page, target = unit_page(house.home, friday, "lille", "fr"), mirror_page(house.home, CLOSES, "lille", "fr")

    write_summaries(house.warehouse, house.settings, friday, "run-1")
    assert "Le miroir de vos équipes" in page.read_text(encoding="utf-8")
    assert "mirror/" not in page.read_text(encoding="utf-8")

    target.parent.mkdir(parents=True)
    target.touch()
    write_summaries(house.warehouse, house.settings, friday, "run-1")
    assert 'href="../mirror/2026-10-31/lille.fr.html"' in page.read_text(encoding="utf-8")
    assert (page.parent / "../mirror/2026-10-31/lille.fr.html").resolve() == target.resolve()
    (row,) = house.rows(sa.select(summary))
    assert "Le miroir de vos équipes" in row.body_html
    assert "href" not in row.body_html
