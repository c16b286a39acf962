"""What each channel is owed and when: at its hour, urgent kinds at once, once for each day, and never history."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from symetrie.alerts.identity import alert_id

FRIDAY = date(2026, 11, 20)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def test_a_channel_is_told_at_its_own_hour_by_the_clock_of_its_unit(small_house, hook, saturday, row):
    server = hook()
    small_house.channel("seven", to=server.url).channel("nine", to=server.url, hour="09:00").shows(row())
    saturday.shift(-timedelta(minutes=1))
    assert small_house.tell().sent_count == 0
    saturday.shift(timedelta(minutes=1))
    assert small_house.tell().sent_count == 1
    saturday.shift(2 * HOUR)
    assert small_house.tell().sent_count == 1


def test_an_urgent_kind_goes_at_once_and_is_not_told_again_in_the_morning(small_house, hook, saturday, row):
    server = hook()
    silent = row(lane="news", kind="source_silent", measure="", subject="web", evidence={"source": "web"})
    small_house.channel(to=server.url, locale="en").shows(silent, row())
    saturday.shift(-4 * HOUR)
    assert (small_house.tell().sent_count, small_house.tell().sent_count) == (1, 0)
    saturday.shift(4 * HOUR)
    assert small_house.tell().sent_count == 1
    night, morning = (request.document["text"] for request in server.taken)
    assert night.startswith("Lyon Part-Dieu: source web has sent nothing since Friday\n1 alert,")
    assert morning.startswith("Lyon Part-Dieu: consideration down 12 points since Friday\n1 alert,")


def test_in_the_morning_there_is_one_message_with_what_is_urgent_in_it(small_house, hook, saturday, row):
    server = hook()
    silent = row(lane="news", kind="source_silent", measure="", subject="web")
    small_house.channel(to=server.url).shows(silent, row())
    assert small_house.tell().sent_count == 1


def test_nothing_to_tell_is_no_message_unless_the_channel_asks_for_it(small_house, hook, saturday):
    server = hook()
    small_house.channel("quiet", to=server.url).channel("daily", to=server.url, all_clear=True, locale="en").shows()
    assert (small_house.tell().sent_count, small_house.tell().sent_count) == (1, 0)
    assert server.taken[0].document["text"].startswith("Maison Lumière: all clear\n")


def test_a_day_that_nobody_has_looked_at_is_not_called_clear_and_is_waited_for_an_hour(
    small_house, hook, saturday, row
):
    server = hook()
    small_house.channel(to=server.url, all_clear=True).shows(row())
    saturday.shift(DAY)  # Sunday, of Saturday; nobody has looked at it
    assert small_house.tell().sent_count == 0
    saturday.shift(HOUR)
    assert small_house.tell().sent_count == 1  # what came to light since the last message
    small_house.shows()
    saturday.shift(DAY)
    assert small_house.tell().sent_count == 0


def test_what_is_found_after_the_message_is_told_on_the_next_morning(small_house, hook, saturday, row):
    server = hook()
    small_house.channel(to=server.url).shows(row())
    small_house.tell()
    small_house.shows(row(), row(measure="trust")).looked(FRIDAY + DAY)
    saturday.shift(5 * HOUR)
    assert small_house.tell().sent_count == 0
    saturday.shift(DAY)
    assert small_house.tell().sent_count == 1
    assert "confiance" in server.taken[1].document["text"]


def test_the_backfill_of_a_year_sends_nothing(small_house, hook, saturday, row):
    server = hook()
    small_house.channel(to=server.url)
    year = [row(opened_on=FRIDAY - number * DAY) for number in range(8, 365, 9)]
    small_house.shows(*year, events={each.alert_id: {"escalated": FRIDAY, "worsened": FRIDAY} for each in year})
    assert small_house.tell().sent_count == 0
    assert server.taken == []


def test_the_life_of_an_alert_is_told_in_order_and_replays_tell_nothing(house, hook, saturday, row):
    server = hook()
    house.channel(to=server.url, locale="en")
    life = [
        (row(), {}),
        (row(severity=3), {"worsened": FRIDAY + DAY}),
        (row(severity=3), {"worsened": FRIDAY + DAY}),
        (row(severity=3, escalated_to_unit_id="south"), {"escalated": FRIDAY + 4 * DAY}),
        (row(state="recovered", ended_on=FRIDAY + 4 * DAY), {}),
        (row(state="recovered", ended_on=FRIDAY + 4 * DAY), {}),
    ]
    for number, (stands, events) in enumerate(life):
        if number:
            house.looked(FRIDAY + number * DAY)
        house.shows(stands, events={stands.alert_id: events})
        house.tell()
        for past in range(number + 1):
            assert house.tell(business_date=FRIDAY + past * DAY).sent_count == 0
        saturday.shift(DAY)
    said = [request.document["text"].splitlines()[0] for request in server.taken]
    assert said == [
        "Lyon Part-Dieu: consideration down 12 points since Friday",
        "Lyon Part-Dieu: consideration down 12 points since Friday, and getting worse",
        "Lyon Part-Dieu: consideration down 12 points since Friday, and nobody has reacted yet",
        "Lyon Part-Dieu: consideration is clearly up again",
    ]
    assert [reason for _, reason, _ in house.notices()] == ["opened", "worsened", "escalated", "recovered"]


def test_late_data_that_move_an_opening_tell_it_no_second_time(small_house, hook, saturday, row):
    from sqlalchemy import insert

    from pipelines.warehouse.tables import alert_event

    server = hook()
    small_house.channel(to=server.url).shows(row())
    small_house.tell()
    moved = row(opened_on=FRIDAY - DAY)
    small_house.shows(moved).looked(FRIDAY + DAY)
    with small_house.warehouse.publishing(refreshes_readers=False) as connection:
        detail = f'{{"former_alert_id": "{alert_id(row().cause, FRIDAY)}", "former_opened_on": "{FRIDAY}"}}'
        values = {"alert_id": moved.alert_id, "number": 9, "on_date": FRIDAY, "event": "moved", "to_state": "open"}
        connection.execute(insert(alert_event).values(**values, detail=detail))
    saturday.shift(DAY)
    assert small_house.tell().sent_count == 0


def test_the_alerts_of_a_region_are_those_of_its_sites(small_house, hook, saturday, row):
    server = hook()
    small_house.channel(to=server.url, unit="south", kind="webhook")
    small_house.shows(row(), row(unit_id="lille"), row(unit_id="south", measure="trust"))
    small_house.tell()
    (request,) = server.taken
    assert {each["unit_id"] for each in request.document["alerts"]} == {"lyon", "south"}
    assert request.document["open_count"] == 2


def test_a_unit_that_is_not_open_yet_has_no_message(small_house, hook, saturday, row):
    server = hook()
    small_house.channel(to=server.url, unit="lyon", all_clear=True).shows()
    opens_later = [replace(unit, valid_from=date(2027, 1, 1)) if unit.id == "lyon" else unit
                   for unit in small_house.settings.network.units]  # fmt: skip
    network = type(small_house.settings.network)(tuple(opens_later))
    small_house.settings = replace(small_house.settings, network=network)
    assert small_house.tell().sent_count == 0


def test_what_a_client_said_is_told_redacted_unless_the_channel_says_no(small_house, hook, saturday, case, monkeypatch):
    said = {case().alert_id: "Bonjour [NOM], quelle attente !"}
    monkeypatch.setattr("pipelines.alerts.telling.rendering.words_of", lambda connection, rows: said)
    server = hook()
    small_house.channel("with", to=server.url).channel("without", to=server.url, words=False).shows(case())
    small_house.tell()
    with_words, without = sorted((str(request.document["blocks"]) for request in server.taken), key=len, reverse=True)
    assert "Bonjour [NOM], quelle attente !" in with_words
    assert "Bonjour" not in without
    assert "Bonjour" not in str(small_house.messages())


def test_a_morning_may_be_told_before_its_hour_or_once_more_when_somebody_asks(small_house, hook, saturday, row):
    server = hook()
    small_house.channel(to=server.url).shows(row())
    saturday.move_to(datetime(2026, 11, 21, 2, tzinfo=UTC))
    assert small_house.tell(at_once=True).sent_count == 1
    assert small_house.tell(at_once=True).sent_count == 0
    assert small_house.tell(business_date=FRIDAY, at_once=True, resend=True, channel_ids=["other"]).sent_count == 0
    assert small_house.tell(business_date=FRIDAY, at_once=True, resend=True).sent_count == 1
    assert len(small_house.notices()) == 1
