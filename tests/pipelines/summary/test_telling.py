"""What managers read: the answer in words, and never more certainty than the counts carry."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from pipelines.summary.figures import Change, SourceFreshness, SummaryUnit, UnhappyClients
from pipelines.summary.telling import make_page
from symetrie.verdicts import Counts


def read(text: str) -> str:
    """The text with plain spaces, as a person reads it."""
    return text.replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("favourable", "answered", "french", "english"),
    [
        (86, 119, "Oui, vos clients étaient contents hier.", "Yes, your clients were happy yesterday."),
        (40, 110, "Non, vos clients n'étaient pas contents hier.", "No, your clients were not happy yesterday."),
        (
            9, 16,
            "Partagés : hier, les réponses ne disent ni oui ni non.",
            "Mixed: yesterday, the answers say neither yes nor no.",
        ),
        (3, 4, "Pas assez de réponses pour le dire.", "Not enough answers to say."),
    ],
)  # fmt: skip
def test_the_answer_is_a_sentence(make, favourable, answered, french, english):
    figures = make.figures(favourable, answered)
    assert read(make_page(figures, "fr").headline) == french
    assert read(make_page(figures, "en").headline) == english


def test_the_score_never_stands_without_its_count_and_interval(make):
    page = make_page(make.figures(86, 119), "fr")
    assert read(page.score) == "72 %"
    assert read(page.counts) == "86 clients satisfaits sur 119 réponses"
    assert read(page.interval) == "Entre 64 % et 80 %, à 95 % de confiance."


def test_a_fallback_window_is_named_with_its_reason(make):
    figures = make.figures(windows={1: Counts(3, 2, 1), 7: Counts(30, 22, 3)})
    french, english = make_page(figures, "fr"), make_page(figures, "en")
    assert read(french.headline) == "Oui, vos clients étaient contents ces 7 derniers jours."
    assert read(french.window) == "Sur les 7 derniers jours, faute de 5 réponses hier (3 reçues)."
    assert read(french.date) == "Réponses données du 14 au 20 novembre 2026"
    assert read(english.window) == "Over the last 7 days, for want of 5 answers yesterday (3 received)."


def test_without_enough_answers_no_score_is_given(make):
    page = make_page(make.figures(windows={91: Counts(4, 4, 0)}), "fr")
    assert (page.score, page.strip, page.change) == ("", None, "")
    assert read(page.window) == "4 clients satisfaits sur 4 réponses en 91 jours ; il en faut au moins 5."


def test_to_whoever_reads_later_the_day_is_named(make):
    page = make_page(make.figures(40, 110), "fr", read_on=date(2026, 12, 3))
    assert read(page.headline) == "Non, vos clients n'étaient pas contents le vendredi 20 novembre."
    assert read(page.correct).startswith("12 clients mécontents le vendredi 20 novembre")


def test_a_house_without_overall_is_answered_on_its_nps(make):
    page = make_page(make.figures(windows={1: Counts(100, 55, 20)}, measure="nps", before=(50, 100)), "fr")
    assert read(page.headline) == "Oui, vos clients étaient contents hier."
    assert (page.score, page.line) == ("+35", "0")
    assert read(page.counts) == "55 promoteurs et 20 détracteurs sur 100 réponses"
    assert page.strip is not None
    assert page.strip.line == 50.0


BEFORE = "par rapport aux 28 jours d'avant (68 % sur 3 120 réponses)"


@pytest.mark.parametrize(
    ("points", "low", "high", "said"),
    [
        (6.0, 2.0, 10.0, f"En hausse de 6 points {BEFORE} : entre +2 et +10."),
        (-6.0, -10.0, -0.2, f"En baisse de 6 points {BEFORE} : entre −10 et −0,2."),
        (4.0, -4.0, 12.0, f"Pas de changement certain {BEFORE} : +4 points, entre −4 et +12."),
    ],
)
def test_a_change_is_named_only_where_its_whole_interval_agrees(make, points, low, high, said):
    change = Change(date(2026, 10, 23), date(2026, 11, 19), Counts(3120, 2120, 0), 67.9, points, low, high)
    assert read(make_page(make.figures(change=change), "fr").change) == said


def test_a_change_that_cannot_be_told_says_why(make):
    page = make_page(make.figures(before=(3, 4)), "en")
    assert read(page.change) == "Too few answers in the 28 days before to compare (4 answers)."


@pytest.mark.parametrize(
    ("clients", "contactable", "french"),
    [
        (12, 4, "12 clients mécontents hier : 4 acceptent d'être recontactés."),
        (12, 1, "12 clients mécontents hier : 1 accepte d'être recontacté."),
        (12, 0, "12 clients mécontents hier, mais aucun n'a accepté d'être recontacté."),
        (1, 1, "1 client mécontent hier : il accepte d'être recontacté."),
        (1, 0, "1 client mécontent hier, mais il n'a pas accepté d'être recontacté."),
        (2, 2, "2 clients mécontents hier : tous acceptent d'être recontactés."),
        (0, 0, "Aucun client mécontent hier parmi 119 réponses."),
    ],
)
def test_what_can_be_corrected_today_is_counted(make, clients, contactable, french):
    figures = make.figures(unhappy=UnhappyClients(clients, contactable, asked_count=clients))
    assert read(make_page(figures, "fr").correct) == french


@pytest.mark.parametrize(
    ("clients", "french"),
    [
        (1, "1 client mécontent hier ; on ne sait pas s'il accepte d'être recontacté."),
        (2, "2 clients mécontents hier ; on ne sait pas s'ils acceptent d'être recontactés."),
    ],
)
def test_a_client_whom_nobody_asked_is_not_said_to_have_refused(make, clients, french):
    """Many sources have no such question."""
    figures = make.figures(unhappy=UnhappyClients(clients, 0, asked_count=0))
    assert read(make_page(figures, "fr").correct) == french


def test_a_day_without_answers_has_nobody_to_contact(make):
    figures = make.figures(windows={7: Counts(30, 22, 3)}, unhappy=UnhappyClients(0, 0, 0))
    assert read(make_page(figures, "fr").correct) == "Aucune réponse hier."


def test_dimensions_are_grouped_by_verdict_what_to_work_on_first(make):
    page = make_page(make.figures(), "fr")
    assert [(group.tone, len(group.lines)) for group in page.groups] == [
        ("not_solid", 1),
        ("solid", 2),
        ("not_enough", 8),
    ]


def test_exactly_55_percent_is_not_solid(make):
    page = make_page(make.figures(dimensions=make.dimensions((55, 100))), "fr")
    assert [group.tone for group in page.groups] == ["not_solid"]


@pytest.mark.parametrize(
    ("favourable", "answered", "tag"),
    [
        (13, 22, "fragile"),
        (20, 22, "fragile"),
        (60, 100, "de justesse"),
        (50, 100, "de peu"),
        (90, 100, ""),
        (9, 100, ""),
    ],
)
def test_a_verdict_says_how_little_it_rests_on(make, favourable, answered, tag):
    page = make_page(make.figures(dimensions=make.dimensions((favourable, answered))), "fr")
    assert page.groups[0].lines[0].tag == tag


def test_a_dimension_without_enough_answers_shows_its_count_alone(make):
    page = make_page(make.figures(dimensions=make.dimensions((3, 4))), "fr")
    line = page.groups[0].lines[0]
    assert (line.score, line.range, line.strip, read(line.answers)) == ("", "", None, "4 réponses")


def test_a_strip_says_its_numbers(make):
    strip = make_page(make.figures(86, 119), "fr").strip
    assert strip is not None
    assert read(strip.words) == (
        "de clients satisfaits : 72 %, entre 64 % et 80 % à 95 % de confiance, 119 réponses. Le repère est à 55 %."
    )


def test_ces_is_drawn_without_a_line_nobody_judges_it_by(make):
    nps, ces = make_page(make.figures(), "fr").context
    assert nps.strip is not None
    assert ces.strip is not None
    assert (nps.strip.line, ces.strip.line) == (50.0, None)
    assert (nps.score, read(nps.range), read(nps.answers)) == ("+23", "de +20 à +25", "3 100 réponses")


def test_a_region_counts_its_answers_and_names_the_small_ones(make):
    branch = make.branch(
        make.child("Arras", 1, 21), make.child("Lille", 9, 14, days=7), make.child("Gap", 2, 3, days=91), unit_count=12
    )
    branch = replace(branch, tally=branch.tally | {"yes": 9})
    figures = make.figures(unit=SummaryUnit("nord", "Nord", "region", 12), branches=(branch,))
    page = make_page(figures, "fr")
    assert page.perimeter == "Région, 12 sites"
    (block,) = page.branches
    assert read(block.tally) == "12 sites : 1 non, 1 partagé, 9 oui, 1 sans assez de réponses"
    assert [(line.name, line.answer, read(line.detail)) for line in block.lines] == [
        ("Arras", "Non", "5 % (de 1 % à 23 %) · 21 réponses hier"),
        ("Lille", "Partagés", "64 % (de 39 % à 84 %) · 14 réponses en 7 jours"),
        ("Gap", "Pas assez", "3 réponses en 91 jours"),
    ]
    assert read(block.more) == "et 9 autres"


def test_a_kind_without_a_word_of_its_own_is_shown_as_it_is(make):
    branch = make.branch(make.child("Kiosque", 30, 30), kind="corner")
    figures = make.figures(unit=SummaryUnit("d", "Dépôt", "depot", 1), branches=(branch,))
    page = make_page(figures, "fr")
    assert page.perimeter == "depot, 1 site"
    assert read(page.branches[0].tally) == "1 entité : 1 oui"


def test_a_quote_says_its_mark_channel_time_and_consent(make):
    figures = make.figures(verbatims=(make.verbatim("Froid.", 1, can_contact=True), make.verbatim("Parfait.", 5)))
    unhappy, happy = make_page(figures, "fr").quotes
    assert (unhappy.text, unhappy.mark, read(unhappy.origin)) == ("Froid.", "1/5", "e-mail · 18 h 42")
    assert unhappy.invitation == "accepte d'être recontacté"
    assert happy.invitation == ""


def test_a_quote_names_its_site_and_day_where_they_differ(make):
    elsewhere = make.verbatim(
        "Froid.", 2, unit_id="nice", unit_name="Nice", submitted_at=datetime(2026, 11, 18, 9, 5, tzinfo=UTC)
    )
    (quote,) = make_page(make.figures(verbatims=(elsewhere,)), "en").quotes
    assert read(quote.origin) == "Nice · e-mail · Wednesday 18 November at 09:05"


@pytest.mark.parametrize(
    ("source", "french"),
    [
        (SourceFreshness("a", date(2026, 11, 20), 0, "published"), "à jour"),
        (SourceFreshness("a", date(2026, 11, 20), 0, "failed"), "à jour · dernier passage en échec"),
        (
            SourceFreshness("a", date(2026, 11, 19), 1, "published"),
            "en retard de 1 jour, dernière réponse le jeudi 19 novembre",
        ),
        (
            SourceFreshness("a", date(2026, 11, 17), 3, "held"),
            "en retard de 3 jours, dernière réponse le mardi 17 novembre · dernier lot retenu avant publication",
        ),
        (SourceFreshness("a", None, None, "published", is_stale=True), "aucune réponse depuis plus de 91 jours"),
        (SourceFreshness("a", None, None, None, is_stale=True), "jamais reçue"),
    ],
)
def test_a_source_is_late_in_words(make, source, french):
    (line,) = make_page(make.figures(sources=(source,)), "fr").sources
    assert read(line.state) == french
    assert line.is_alarming == (source.is_stale or source.last_run_status != "published")


def test_a_name_cannot_break_the_subject_line(make):
    page = make_page(make.figures(unit=SummaryUnit("x", "Nice\r\nBcc: all@example.org", "site", 1)), "en")
    assert page.subject == "Nice Bcc: all@example.org: Yes, your clients were happy yesterday."
