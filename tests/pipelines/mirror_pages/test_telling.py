"""What managers read of the mirror: every number with its interval, every silence with its reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.mirror_pages.records import Estimate, Leg, Participation, SectorScore
from pipelines.mirror_pages.telling import make_page


def read(text: str) -> str:
    """The text with plain spaces, as a person reads it."""
    return text.replace("\xa0", " ").replace("\u202f", " ")


def block_of(page, name):
    return next(block for group in page.groups for block in group.blocks if block.name == name)


def test_the_headline_says_on_how_many_dimensions_clients_and_teams_agree(make):
    french, english = make_page(make.mirror(), "fr"), make_page(make.mirror(), "en")
    assert read(french.headline) == "9 dimensions sur 11 où vos clients et vos équipes se ressemblent."
    assert english.headline == "9 dimensions out of 11 on which your clients and your teams are alike."
    assert [read(tally.words) for tally in french.tallies] == [
        "1 prioritaire, solide d'aucun côté, dont 1 à confirmer",
        "1 aux dépens de l'équipe, dont 1 à confirmer",
        "1 en confort intérieur",
        "8 solides des deux côtés",
    ]


def test_the_campaign_and_who_took_part_are_said(make):
    page = make_page(make.mirror(), "fr")
    assert read(page.campaign) == "Campagne du 2 au 31 mars 2026, « Printemps »"
    assert read(page.participation) == "24 réponses sur 31 personnes invitées, soit 77 % de participation."
    assert read(page.clients) == "En face, les clients des 91 jours jusqu'au 31 mars."


@pytest.mark.parametrize(
    ("participation", "said"),
    [
        (
            Participation(24, None, None, is_hidden=False),
            "24 réponses ; on ne sait pas combien de personnes étaient invitées.",
        ),
        (
            Participation(None, 31, None, is_hidden=True),
            "Participation. Moins de 5 réponses : le résultat n'est pas affiché, pour que chacun reste anonyme.",
        ),
    ],
)
def test_participation_that_is_not_known_or_not_shown_says_so(make, participation, said):
    assert read(make_page(make.mirror(participation=participation), "fr").participation) == said


@pytest.mark.parametrize(
    ("legs", "tone"),
    [
        ((330, 420, 20, 24), "yes"),
        ((330, 420, 15, 24), "mixed"),
        ((330, 420, 6, 24), "no"),
        ((330, 420, 12, 24), "mixed"),
    ],
)
def test_green_is_surely_solid_on_both_sides_everywhere_and_red_is_surely_nowhere(make, legs, tone):
    measures = [line.measure for line in make.lines()]
    counts = (legs[:2], legs[2:], None)
    assert make_page(make.mirror(dimensions=make.lines(**dict.fromkeys(measures, counts))), "fr").tone == tone
    assert make_page(make.mirror(), "fr").tone == "mixed"


def test_priorities_come_first_and_each_quadrant_has_its_words(make):
    page = make_page(make.mirror(), "fr")
    assert [read(group.title) for group in page.groups] == [
        "Priorité : solide ni chez vos clients, ni dans vos équipes",
        "Aux dépens de l'équipe : solide chez vos clients seulement",
        "Confort intérieur : solide dans vos équipes seulement",
        "Solide des deux côtés",
    ]
    assert [block.name for block in page.groups[0].blocks] == ["L'autonomie et l'initiative"]


def test_a_dimension_has_its_three_legs_with_their_intervals(make):
    block = block_of(make_page(make.mirror(), "fr"), "La coopération")
    said = [tuple(map(read, (leg.name, leg.score, leg.range, leg.answers))) for leg in block.legs]
    assert said == [
        ("Clients", "69 %", "de 64 % à 73 %", "420 réponses"),
        ("Équipes", "46 %", "de 28 % à 65 %", "24 réponses"),
        ("Perçu", "83 %", "de 64 % à 93 %", "24 réponses"),
    ]
    assert read(block.drawing.words) == (
        "La coopération : clients 69 % (de 64 % à 73 %), équipes 46 % (de 28 % à 65 %), "
        "perçu par l'équipe 83 % (de 64 % à 93 %). Le repère est à 55 %."
    )
    assert [(mark.side, mark.score) for mark in block.drawing.marks] == [
        ("client", 69.0),
        ("employee", 45.8),
        ("perceived", 83.3),
    ]


@pytest.mark.parametrize(
    ("client", "team", "said"),
    [
        ((290, 420), (11, 24), "23 points de plus chez vos clients (de 4 à 42)."),
        ((205, 420), (19, 24), "30 points de plus dans vos équipes (de 10 à 43)."),
        ((330, 420), (20, 24), "Pas d'écart certain : clients moins équipes, −5 points (de −16 à +15)."),
    ],
)
def test_an_asymmetry_is_told_one_way_only_where_its_whole_interval_says_so(make, client, team, said):
    page = make_page(make.mirror(dimensions=(make.line("trust", client, team, None),)), "fr")
    assert read(page.groups[0].blocks[0].sentences[0]) == said


@pytest.mark.parametrize(
    ("perceived", "said"),
    [
        ((22, 24), ["Angle mort : vos équipes voient vos clients 23 points trop haut (de 5 à 30)."]),
        ((8, 24), ["Vos équipes voient vos clients 36 points trop bas (de 15 à 52)."]),
        ((17, 24), []),
    ],
)
def test_what_teams_believe_is_said_where_they_are_surely_wrong(make, perceived, said):
    page = make_page(make.mirror(dimensions=(make.line("trust", (290, 420), (20, 24), perceived),)), "fr")
    assert [read(sentence) for sentence in page.groups[0].blocks[0].sentences[1:]] == said


@pytest.mark.parametrize(
    ("client", "team", "is_open"),
    [((400, 420), (22, 24), False), ((400, 420), (15, 24), True), ((6, 10), (24, 24), True)],
)
def test_a_quadrant_that_an_interval_leaves_open_is_to_be_confirmed(make, client, team, is_open):
    page = make_page(make.mirror(dimensions=(make.line("trust", client, team, None),)), "fr")
    assert bool(page.groups[0].blocks[0].tag) == is_open


def test_a_hidden_leg_is_a_reason_and_no_number(make):
    line = make.hidden(make.line("trust", (290, 420), (11, 24), (20, 24)), "would_tell")
    page = make_page(make.mirror(dimensions=(make.line("values", *make_all()), line)), "fr")
    block = block_of(page, "La relation de confiance")
    assert read(page.groups[-1].title) == "Sans comparaison possible"
    assert [leg.score for leg in block.legs[1:]] == ["non affiché", "non affiché"]
    assert [mark.side for mark in block.drawing.marks] == ["client"]
    assert block.sentences == ()
    assert [read(note) for note in block.notes] == [
        "Équipes, perçu. Pas affiché : avec les résultats voisins, on pourrait deviner qui a répondu quoi."
    ]


def make_all():
    return (330, 420), (20, 24), (19, 24)


def test_a_reason_that_all_dimensions_share_is_said_once(make):
    lines = tuple(make.hidden(line, "too_few") for line in make.lines())
    page = make_page(make.mirror(dimensions=lines, overall=None), "en")
    assert page.headline == "Not enough answers to compare your clients and your teams."
    assert page.tone == "not_enough"
    assert page.notes == ("Teams, perceived. Fewer than 5 answers: not shown, so that everyone stays anonymous.",)
    assert all(block.notes == () for group in page.groups for block in group.blocks)


def test_the_reason_names_the_floor_of_the_publication(make):
    make.campaign = replace(make.campaign, rule=replace(make.campaign.rule, floor=7))
    page = make_page(make.mirror(dimensions=(make.hidden(make.line("trust", *make_all()), "too_few"),)), "en")
    assert page.groups[0].blocks[0].notes[0].startswith("Teams, perceived. Fewer than 7 answers")
    assert "Nothing of a team is shown below 7 answers, nor what it could be worked out from." in page.reading.sentences


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("not_asked", "Perçu. La question n'était pas posée dans cette campagne."),
        ("few", "Perçu. Moins de 5 réponses : trop peu pour en tirer un chiffre."),
    ],
)
def test_what_was_not_asked_is_told_apart_from_what_is_hidden(make, missing, said):
    line = replace(make.line("trust", *make_all()), perceived=Leg(None, missing=missing), perception_gap=None)
    assert read(make_page(make.mirror(dimensions=(line,)), "fr").groups[0].blocks[0].notes[0]) == said


@pytest.mark.parametrize(
    ("precision", "said"), [(1, "24 réponses, à une réponse près"), (2, "24 réponses, à 2 réponses près")]
)
def test_a_figure_that_is_not_exact_says_by_how_much(make, precision, said):
    line = make.line("trust", *make_all())
    line = replace(line, employee=replace(line.employee, precision_count=precision))
    page = make_page(make.mirror(dimensions=(line,)), "fr")
    assert read(page.groups[0].blocks[0].legs[1].answers) == said
    assert "pour que personne ne soit reconnu" in page.reading.sentences[-1]


def test_a_figure_too_inexact_for_a_quadrant_is_shown_and_says_why(make):
    line = replace(make.line("trust", *make_all()), quadrant=None)
    page = make_page(make.mirror(dimensions=(line,)), "fr")
    assert [read(note) for note in page.groups[0].blocks[0].notes] == [
        "Équipes. Chiffre trop peu exact pour dire s'il dépasse 55 %."
    ]
    assert read(page.groups[0].blocks[0].legs[1].score) == "83 %"
    assert page.tone == "not_enough"


def test_ten_dimensions_never_pass_for_eleven(make):
    make.campaign = replace(make.campaign, dimension_count=10)
    page = make_page(make.mirror(dimensions=make.lines()[:10]), "fr")
    assert page.word == "8 dimensions sur 10"
    assert page.asked == "Cette campagne demandait 10 dimensions sur les 11."
    assert make_page(replace(make, campaign=replace(make.campaign, dimension_count=11)).mirror(), "fr").asked == ""


@pytest.mark.parametrize(
    ("perceived", "said"),
    [
        ((22, 24), "Vos équipes surestiment donc la satisfaction de 23 points (de 5 à 30)."),
        ((8, 24), "Vos équipes sous-estiment donc la satisfaction de 36 points (de 15 à 52)."),
        ((17, 24), "L'écart n'est pas certain : +2 points (de −19 à +17)."),
    ],
)
def test_what_teams_believe_of_satisfaction_stands_beside_the_published_gap(make, perceived, said):
    page = make_page(make.mirror(overall=make.line("overall", (290, 420), None, perceived)), "fr")
    assert read(page.gap.sentences[1]) == said
    assert read(page.gap.sentences[2]) == "Repère publié : 20 points de trop, atelier du Hub de La Poste, 2018."


def test_without_both_sides_nothing_is_said_of_what_teams_believe(make):
    hidden = make.hidden(make.line("overall", (290, 420), None, (22, 24)), "too_few")
    assert make_page(make.mirror(overall=hidden), "fr").gap is None
    assert make_page(make.mirror(overall=None), "fr").gap is None


OWNER = (
    "Le label « Équipe heureuse, client heureux » appartient à l'Académie du Service : "
    "cette page calcule si ses critères sont remplis, elle ne le décerne pas."
)


@pytest.mark.parametrize(
    ("state", "said", "tone"),
    [
        ("met", "Critères remplis", "yes"),
        ("met_with_margin", "Critères remplis avec marge", "yes"),
        ("not_met", "Critères pas remplis", "no"),
        (None, "On ne peut pas le dire", "not_enough"),
    ],
)
def test_the_label_is_told_by_its_state_and_never_awarded(make, state, said, tone):
    label = make_page(make.mirror(label=make.label(state=state)), "fr").label
    assert (label.state, label.tone, read(label.owner)) == (said, tone, OWNER)


def test_the_label_names_what_decides_and_three_means(make):
    label = make_page(make.mirror(), "fr").label
    assert read(label.sentences[1]) == "Le score le plus bas : l'autonomie et l'initiative, côté équipes, 38 %."
    assert [(name, read(value)) for name, value in label.means] == [
        ("Moyenne des 22 scores", "71 %"),
        ("Moyenne côté clients", "72 %"),
        ("Moyenne côté équipes", "71 %"),
    ]


def test_where_the_mean_alone_fails_it_says_so(make):
    figures = make.label(binding_measure="trust", mean_pct=66.0)
    label = make_page(make.mirror(label=figures), "en").label
    assert label.sentences[2].startswith("It is the mean that falls short: every score is above 55%")


def test_a_mean_just_below_its_line_does_not_read_as_the_line(make):
    label = make_page(make.mirror(label=make.label(mean_pct=69.98)), "en").label
    assert label.means[0] == ("Mean of the 22 scores", "69.98%")


def test_a_label_that_cannot_be_said_names_what_leaves_it_open(make):
    figures = make.label(state=None, binding_measure="trust", mean_pct=None, employee_mean_pct=None, probability=None)
    label = make_page(make.mirror(label=figures), "fr").label
    assert read(label.sentences[1]) == "Ce qui empêche de le dire : la relation de confiance, côté équipes."
    assert len(label.sentences) == 2
    assert label.means[0] == ("Moyenne des 22 scores", "inconnue")


def test_where_the_label_needs_scores_that_are_not_shown_it_says_so(make):
    label = make_page(make.mirror(label=None), "fr").label
    assert (label.state, label.means, label.version) == ("On ne peut pas le dire", (), "")
    assert read(label.sentences[1]).startswith("Il faut les 22 scores :")
    make.campaign = replace(make.campaign, dimension_count=10)
    assert make_page(make.mirror(label=None), "fr").label is None


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.0, "il y a moins de 5 chances sur 100"),
        (0.05, "il y a environ 5 chances sur 100"),
        (0.35, "il y a environ 35 chances sur 100"),
        (1.0, "il y a plus de 95 chances sur 100"),
    ],
)
def test_a_probability_is_never_told_as_nil_or_certain(make, probability, said):
    label = make_page(make.mirror(label=make.label(probability=probability)), "fr").label
    assert said in read(label.sentences[2])


FLAT = "On ne peut pas dire si les deux courbes vont ensemble : d'un site à l'autre, l'un des deux scores ne varie pas."


def curves_of(make, locale="fr", measure="nps", **found):
    return make_page(make.mirror(curves=make.curves(measure=measure, **found)), locale).curves


@pytest.mark.parametrize(
    ("measure", "found", "said"),
    [
        ("nps", {}, "Là où l'équipe est engagée, le client recommande : r = 0,50 (de 0,07 à 0,77, 20 sites)."),
        ("overall", {}, "Là où l'équipe est engagée, le client est satisfait : r = 0,50 (de 0,07 à 0,77, 20 sites)."),
        (
            "overall", {"pearson": -0.5, "low": -0.77, "high": -0.07},
            "Là où l'équipe est engagée, le client est moins satisfait : r = −0,50 (de −0,77 à −0,07, 20 sites).",
        ),
        (
            "nps", {"pearson": 0.2, "low": -0.27, "high": 0.59},
            "On ne peut pas dire que les deux courbes vont ensemble : r = 0,20 (de −0,27 à 0,59, 20 sites).",
        ),
        (
            "nps", {"low": 0.001, "high": 0.996},
            "Là où l'équipe est engagée, le client recommande : r = 0,50 (de 0,001 à 0,996, 20 sites).",
        ),
        (
            "nps", {"pearson": None, "low": None, "high": None},
            FLAT,
        ),
    ],
)  # fmt: skip
def test_a_coefficient_never_stands_bare_and_is_uncertain_where_its_interval_covers_nil(make, measure, found, said):
    assert read(curves_of(make, measure=measure, **found).sentence) == said


def test_too_few_sites_are_said_and_nothing_is_drawn_through_one(make):
    curves = curves_of(make, locale="en", sites=3, pearson=None, low=None, high=None)
    assert curves.sentence == (
        "Whether the two curves go together cannot be said: "
        "3 sites with enough answers on both sides, at least 4 are needed."
    )
    alone = make.curves(sites=1, pearson=None, low=None, high=None)
    assert make_page(make.mirror(curves=alone), "en").curves.chart is None


def test_the_table_marks_what_was_never_observed(make):
    curves = curves_of(make, site_count=20)
    rows = {read(name): tuple(map(read, cells)) for name, cells in curves.rows}
    assert curves.columns == ("Même campagne", "Équipes, une campagne plus tôt")
    assert rows["r de Pearson"] == ("0,50", "0,41")
    assert rows["Intervalle à 95 %"] == ("de 0,07 à 0,77", "de −0,07 à 0,74")
    assert rows["r sans le hasard des réponses : estimé, jamais observé"] == ("0,74", "0,74")
    unknown = curves_of(make, disattenuated=None, client_reliability=None)
    assert dict(unknown.rows)["Fiabilité, côté clients"] == ("inconnu", "inconnu")


def test_leaders_stand_beside_the_published_ratio(make):
    assert read(curves_of(make).leaders) == (
        "Dans le quart des sites aux clients les plus contents, la part de collaborateurs engagés est 1,4 fois "
        "celle du dernier quart. Repère publié : 1,5 fois, atelier du Hub de La Poste, 2018."
    )
    assert curves_of(make, quartile_ratio=None).leaders == ""


def test_many_sites_are_drawn_together_and_it_says_so(make):
    curves = curves_of(make, sites=50)
    assert len(curves.chart.panels[0].dots) == 20
    assert read(curves.caption).startswith(
        "Chaque point est la moyenne de 2 ou 3 sites, ce qui lisse les courbes : r compare les sites un à un."
    )


def test_a_curve_is_told_to_those_who_do_not_see_it(make):
    assert curves_of(make, locale="en").chart.words == (
        "Two curves, from the least engaged team to the most engaged, 20 points. "
        "Engaged staff: from 30% to 83%. Clients' recommendation (NPS): from +6 to +43."
    )


def test_own_teams_and_partners_have_their_intervals_and_their_difference(make):
    lines = (
        make.operators("client", "overall", own=(600, 900), partner=(300, 520)),
        make.operators("employee", "engagement", own=(60, 95), north=(20, 48), south=(22, 48)),
        make.operators("employee", "trust", own=(10, 20), partner=(9, 20)),
    )
    operators = make_page(make.mirror(operators=lines), "fr").operators
    overall, engagement = operators.first
    assert read(overall.name) == "La satisfaction globale, côté clients"
    assert [(row.name, read(row.score), read(row.detail)) for row in overall.rows] == [
        ("En propre", "67 %", "de 64 % à 70 % · 900 réponses"),
        ("Partenaires", "58 %", "de 53 % à 62 % · 520 réponses"),
    ]
    assert read(overall.sentence) == "9 points de plus en propre (de 4 à 14)."
    assert [row.name for row in engagement.rows] == ["En propre", "north", "south"]
    assert engagement.sentence == ""
    assert engagement.rows[0].drawing.line is None
    assert read(operators.others[0].sentence) == "Pas d'écart certain : +5 points en propre (de −24 à +33)."


@pytest.mark.parametrize(
    ("benchmark", "said"),
    [(60.0, "au-dessus du secteur"), (75.0, "en dessous du secteur"), (70.0, "pas d'écart certain")],
)
def test_a_sector_is_passed_only_where_the_whole_interval_does(make, benchmark, said):
    score = SectorScore("client", "trust", Estimate(69.0, 64.0, 73.0), "banking", benchmark, 2025, "Baromètre")
    sector = make_page(make.mirror(sector=[score]), "fr").sector
    assert sector.rows[0].verdict == said
    assert sector.rows[0].drawing.line == benchmark
    assert [read(source) for source in sector.sources] == ["Banque 2025 : Baromètre"]


def test_what_there_is_nothing_of_has_no_section(make):
    page = make_page(make.mirror(dimensions=(), overall=None, participation=None), "fr")
    assert (page.curves, page.operators, page.sector, page.gap) == (None, None, None, None)
    assert page.nothing == "Cette campagne n'a rien demandé que l'on puisse comparer."
