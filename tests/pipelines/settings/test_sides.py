"""Who speaks in a source: clients, employees, agents about a contact, or who invites; and what each of them needs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipelines.settings import Settings

Load = Callable[..., Settings]
Lines = Callable[..., list[str]]

CLIENTS = "  - {name: survey, path: c, questionnaire: overall-only-1}\n"
PULSE = "pulse: {campaigns_csv: campaigns.csv}\n"
NO_CAMPAIGNS = "id,source,opens_on,closes_on\n"


def sources(*keys: str) -> str:
    return "sources:\n" + CLIENTS + "".join(f"  - {{{each}}}\n" for each in keys)


def test_clients_speak_unless_it_is_said_otherwise(load: Load) -> None:
    assert load().sources[0].side == "client"


def test_employees_answer_in_campaigns_about_a_bond(load: Load) -> None:
    text = sources(
        "name: pulse, side: employee, path: p, questionnaire: pulse-eleven-1,"
        " fields: {respondent: Jeton, relation: Lien}, relations: {Chef: manager}, relation: peers"
    )
    source = load(text + PULSE, campaigns=NO_CAMPAIGNS).sources[1]
    assert (source.side, source.relation, source.relations) == ("employee", "peers", {"Chef": "manager"})
    assert (source.fields.respondent, source.fields.relation) == (("Jeton",), ("Lien",))
    assert source.fields.questionnaire_version == ("questionnaire_version",)


def test_a_campaign_is_named_by_the_answers_only_where_the_settings_say_so(load: Load) -> None:
    text = sources(
        "name: a, side: employee, path: p, questionnaire: pulse-eleven-1",
        "name: b, side: employee, path: p, questionnaire: pulse-eleven-1, fields: {campaign_id: campaign_id}",
        "name: c, side: employee, path: p, questionnaire: pulse-eleven-1, fields: {campaign_id: }",
    )
    named = load(text + PULSE, campaigns=NO_CAMPAIGNS).sources[1:]
    assert [source.names_campaign for source in named] == [False, True, False]


def test_agents_note_contacts_whose_clients_answer_elsewhere(load: Load) -> None:
    contacts = load(sources("name: desk, side: contact, path: d, client_source: survey, fields: {agent: Qui}")).sources[
        1
    ]
    assert (contacts.client_source, contacts.questionnaire) == ("survey", "")
    assert contacts.fields.agent == ("Qui",)
    assert contacts.fields.client_response_id == ("client_response_id",)
    assert contacts.fields.contact_id == ("contact_id",)


def test_invitations_answer_no_questionnaire_and_are_no_clients(load: Load) -> None:
    settings = load(sources("name: sent, side: invitation, path: d, fields: {sent_on: Jour}"))
    (_, sent) = settings.sources
    assert (sent.questionnaire, sent.fields.sent_on, sent.fields.sent_count) == ("", ("Jour",), ("sent_count",))
    assert settings.names_of("client") == ["survey"]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("name: a, path: x, side: manager", ".side: must be 'client', 'employee', 'contact' or 'invitation'"),
        (
            "name: a, path: x, side: invitation, questionnaire: eleven-2024",
            ".questionnaire: is only for sources of side client or employee; take it out",
        ),
        (
            "name: a, path: x, side: invitation, day_of: experience",
            ".day_of: is only for sources of side client or employee or contact; take it out",
        ),
        (
            "name: a, path: x, questionnaire: overall-only-1, fields: {sent_count: n}",
            ".fields: sent_count is only read from sources of side invitation; take it out",
        ),
        (
            "name: a, path: x, side: employee",
            ".questionnaire: is missing; add it (version of the questionnaire that the answers reply to)",
        ),
        (
            "name: a, path: x, questionnaire: pulse-eleven-1",
            (
                ".questionnaire: 'pulse-eleven-1' asks employees, but the source is of side client;"
                " name a version that asks clients, or mend the side"
            ),
        ),
        (
            "name: a, path: x, side: employee, questionnaire: eleven-2024",
            (
                ".questionnaire: 'eleven-2024' asks clients, but the source is of side employee;"
                " name a version that asks employees, or mend the side"
            ),
        ),
        (
            "name: a, path: x, side: contact, client_source: survey, questionnaire: eleven-2024",
            ".questionnaire: is only for sources of side client or employee; take it out",
        ),
        (
            "name: a, path: x, side: contact",
            ".client_source: is missing; add it (the client source whose answers the contacts name)",
        ),
        (
            "name: a, path: x, side: contact, client_source: servey",
            ".client_source: there is no source 'servey'; did you mean 'survey'?",
        ),
        (
            "name: a, path: x, side: contact, client_source: a",
            ".client_source: 'a' is of side contact; name a source of side client",
        ),
        (
            "name: a, path: x, questionnaire: overall-only-1, client_source: survey",
            ".client_source: is only for sources of side contact; take it out",
        ),
        (
            "name: a, path: x, questionnaire: overall-only-1, relation: peers",
            ".relation: is only for sources of side employee; take it out",
        ),
        (
            "name: a, path: x, questionnaire: overall-only-1, relations: {Chef: manager}",
            ".relations: is only for sources of side employee; take it out",
        ),
        (
            "name: a, path: x, side: employee, questionnaire: pulse-eleven-1, relation: boss",
            ".relation: 'boss' is not a relation; known: manager, partner, peers, supplier",
        ),
        (
            "name: a, path: x, side: employee, questionnaire: pulse-eleven-1, relations: {Chef: managr}",
            ".relations.Chef: 'managr' is not a relation; did you mean 'manager'?",
        ),
        (
            "name: a, path: x, questionnaire: overall-only-1, fields: {respondent: login}",
            ".fields: respondent is only read from sources of side employee; take it out",
        ),
        (
            "name: a, path: x, side: employee, questionnaire: pulse-eleven-1, fields: {agent: login}",
            ".fields: agent is only read from sources of side contact; take it out",
        ),
        (
            (
                "name: a, kind: rest, connection: c, path: x, side: employee, questionnaire: pulse-eleven-1,"
                " absent_is_withdrawn: true"
            ),
            ".absent_is_withdrawn: is only for sources of side client; take it out",
        ),
    ],
)
def test_what_a_side_lacks_or_cannot_have_is_told_in_one_line(keys: str, message: str, problems: Lines) -> None:
    text = sources(keys) + PULSE
    assert problems(text, campaigns=NO_CAMPAIGNS) == [f"symetrie.yaml:3: sources[1]{message}"]


def test_employees_without_campaigns_are_told(problems: Lines) -> None:
    pulse = "name: pulse, side: employee, path: p, questionnaire: pulse-eleven-1"
    line = (
        "symetrie.yaml:3: sources[1].side: is employee, and employees answer in campaigns;"
        " name their file in pulse.campaigns_csv"
    )
    assert problems(sources(pulse)) == [line]
    assert problems(sources(pulse) + "pulse: {floor: 7, verbatim_floor: 8}\n") == [line]


def test_a_mistake_in_a_questionnaire_or_a_source_is_not_told_again_by_who_names_it(problems: Lines) -> None:
    text = sources(
        "name: pulse, side: employee, path: p, questionnaire: team-1",
        "name: broken, path: p, questionnaire: overall-only-1, settle_seconds: soon",
        "name: desk, side: contact, path: d, client_source: broken",
    )
    questionnaire = "questionnaires:\n  team-1: {own_trsut: {field: a, scale: stars}}\n"
    assert problems(text + PULSE + questionnaire, campaigns=NO_CAMPAIGNS) == [
        "symetrie.yaml:4: sources[2].settle_seconds: must be a number",
        "symetrie.yaml:8: questionnaires.team-1.own_trsut: is not a question; did you mean 'own_trust'?",
    ]
