"""From page to page: every row once, whatever the pages do, or one line that says what they did."""

from __future__ import annotations

import pytest

from pipelines.errors import SymetrieError, Unreachable


def ids(pages):
    return [row["id"] for page in pages for row in (page["items"] if isinstance(page, dict) else page)]


def numbered(server, rows, size, parameter, *, is_offset=False, first=1):
    """A handler that gives pages by number or by offset."""

    def handle(heard):
        number = int(heard.params[parameter])
        begin = number if is_offset else (number - first) * size
        return server.json(rows[begin : begin + size])

    return handle


def test_pages_are_asked_by_number_until_one_is_empty(server, source, pull, landed, rows):
    server.handler = numbered(server, rows(5), 2, "page")
    paged = {"kind": "page", "parameter": "page", "size_parameter": "per_page", "size": 2}
    pull(source(pagination=paged, params={"survey": "9"}))
    assert ids(landed()) == ["r0000", "r0001", "r0002", "r0003", "r0004"]
    assert [heard.params for heard in server.heard] == [
        {"survey": "9", "per_page": "2", "page": str(number)} for number in (1, 2, 3, 4)
    ]


def test_the_first_page_may_be_number_0(server, source, pull, landed, rows):
    server.handler = numbered(server, rows(3), 2, "p", first=0)
    pull(source(pagination={"kind": "page", "parameter": "p", "first": 0}))
    assert ids(landed()) == ["r0000", "r0001", "r0002"]


def test_a_server_that_gives_smaller_pages_than_asked_loses_nothing(server, source, pull, landed, rows):
    """A thousand are asked for and two come: that is its own bound, not the end; the offset counts what came."""
    server.handler = numbered(server, rows(5), 2, "skip", is_offset=True)
    pull(source(pagination={"kind": "offset", "parameter": "skip", "size_parameter": "limit", "size": 1000}))
    assert ids(landed()) == ["r0000", "r0001", "r0002", "r0003", "r0004"]
    assert [heard.params["skip"] for heard in server.heard] == ["0", "2", "4", "5"]


def test_a_short_page_ends_the_reading_where_the_settings_say_so(server, source, pull, landed, rows):
    server.handler = numbered(server, rows(3), 2, "page")
    pull(source(pagination={"kind": "page", "parameter": "page", "size": 2, "stop_on": "short"}))
    assert ids(landed()) == ["r0000", "r0001", "r0002"]
    assert len(server.heard) == 2


def test_a_cursor_is_followed_to_its_end(server, windowed, pull, landed, rows, honest):
    server.handler = honest(server, rows(5))
    pull(windowed())
    assert ids(landed()) == ["r0000", "r0001", "r0002", "r0003", "r0004"]
    assert [heard.params.get("cursor") for heard in server.heard] == [None, "2", "4"]


@pytest.mark.parametrize("end", ["null", '""', "false", '"null"'])
def test_a_cursor_may_end_in_several_ways(end, server, source, pull, landed):
    server.handler = lambda heard: server.json(f'{{"items": [{{"id": "1"}}], "meta": {{"next": {end}}}}}')
    pull(source(records="items", pagination={"kind": "cursor", "parameter": "c", "next": "$.meta.next"}))
    assert ids(landed()) == ["1"]


def test_an_empty_page_before_the_last_cursor_is_passed(server, source, pull, landed):
    """Some servers filter after they have cut their pages."""
    pages = {None: ({"id": "1"}, "a"), "a": (None, "b"), "b": ({"id": "2"}, None)}

    def handle(heard):
        row, following = pages[heard.params.get("c")]
        return server.json({"items": [row] if row else [], "next": following})

    server.handler = handle
    pull(source(records="items", pagination={"kind": "cursor", "parameter": "c", "next": "next"}))
    assert ids(landed()) == ["1", "2"]


@pytest.mark.parametrize("beginning", ["{url}/v1/answers", "/v1/answers", ""])
def test_a_next_link_is_followed_as_it_stands(beginning, server, source, pull, landed):
    following = beginning.format(url=server.url) + "?after=1&survey=9"
    server.first(server.json({"items": [{"id": "1"}], "next": following}))
    server.handler = lambda heard: server.json({"items": [{"id": "2"}], "next": None})
    pull(source(records="items", params={"survey": "9"}, pagination={"kind": "next_link", "next": "next"}))
    assert ids(landed()) == ["1", "2"]
    assert (server.heard[1].path, server.heard[1].params) == ("/v1/answers", {"after": "1", "survey": "9"})


def test_a_next_link_may_stand_in_the_link_header(server, source, pull, landed):
    server.first(server.json([{"id": "1"}], Link='</v1/answers?page=2>; rel="next", </v1/answers>; rel="first"'))
    server.handler = lambda heard: server.json([{"id": "2"}])
    pull(source(pagination={"kind": "next_link"}))
    assert ids(landed()) == ["1", "2"]


def test_rows_of_one_moment_on_both_sides_of_a_page_border_may_stand_twice(server, windowed, pull, landed, rows):
    """The page begins again with what the one before ended with; the row is read twice, and counts once in the end."""
    given = rows(3)
    server.first(server.json({"items": given[:2], "next": "b"}))
    server.handler = lambda heard: server.json({"items": given[1:], "next": None, "total": 3})
    pull(windowed(count="total"))
    assert ids(landed()) == ["r0000", "r0001", "r0001", "r0002"]


def test_pages_that_drift_because_a_row_came_are_read(server, source, pull, landed, rows):
    """The newest first: a new row pushes the last one of the page onto the next page."""
    old = rows(4)
    server.first(server.json(old[:2]), server.json(old[1:3]), server.json(old[3:]), server.json([]))
    pull(source(pagination={"kind": "page", "parameter": "page"}))
    assert ids(landed()) == ["r0000", "r0001", "r0001", "r0002", "r0003"]


def test_pages_that_drift_because_a_row_went_are_told_by_the_count(server, source, pull, landed, rows):
    """A row was skipped: what came is not shown, and another try finds it."""
    all_rows = rows(4)
    cut = {"1": all_rows[:2], "2": all_rows[3:], "3": []}
    skipping = lambda heard: server.json({"items": cut[heard.params["page"]], "total": 4})  # noqa: E731
    server.handler = skipping
    asked = source(records="items", count="total", pagination={"kind": "page", "parameter": "page"})
    with pytest.raises(Unreachable, match=r"the source counts 4 rows in .* and gave 3; run again") as caught:
        pull(asked)
    assert str(caught.value).startswith(f"source answers: page 3 of {server.url}/v1/answers: ")
    assert landed() == []
    cut |= {"2": all_rows[2:]}
    pull(asked)
    assert ids(landed()) == ["r0000", "r0001", "r0002", "r0003"]


def test_rows_that_came_twice_do_not_stand_for_rows_that_are_missing(server, source, pull, landed, rows):
    """Six rows came where five are counted, but two of them were known: one is missing."""
    given = rows(5)
    cut = {"1": given[:2], "2": given[1:3], "3": given[2:4], "4": []}
    server.handler = lambda heard: server.json({"items": cut[heard.params["page"]], "total": 5})
    with pytest.raises(Unreachable, match=r"the source counts 5 rows in .* and gave 4; run again"):
        pull(source(records="items", count="total", pagination={"kind": "page", "parameter": "page"}))
    assert landed() == []


def test_the_same_page_twice_is_no_progress(server, source, pull, landed, rows):
    """The server ignores the parameter; without the guard the reading would never end."""
    server.handler = lambda heard: server.json(rows(2))
    with pytest.raises(SymetrieError, match=r"page 2 of .*: it brings nothing but rows of the pages before") as caught:
        pull(source(pagination={"kind": "page", "parameter": "pgae"}))
    assert not isinstance(caught.value, Unreachable)
    assert "check `pagination`" in str(caught.value)
    assert len(server.heard) == 2
    assert landed() == []


def test_a_page_of_known_rows_in_another_order_is_no_progress(server, source, pull, rows):
    given = rows(3)
    server.first(server.json(given), server.json(given[::-1]))
    with pytest.raises(SymetrieError, match=r"page 2 of .*: it brings nothing but rows of the pages before"):
        pull(source(pagination={"kind": "page", "parameter": "page"}))


def test_the_same_ids_with_another_time_stamp_are_no_progress(server, source, pull):
    """Some servers write the moment of the request into every row."""
    stamps = iter(range(100))
    server.handler = lambda heard: server.json([{"id": "1", "now": next(stamps)}, {"id": "2", "now": next(stamps)}])
    with pytest.raises(SymetrieError, match=r"page 2 of .*: it brings nothing but rows of the pages before"):
        pull(source(pagination={"kind": "page", "parameter": "page"}))


def test_an_answer_that_was_recorded_again_after_an_edit_is_progress(server, source, pull, landed):
    """Its page brings a known id and a new record, as the source's own count says."""
    states = [{"id": "1", "mark": 5}, {"id": "2", "mark": 5}, {"id": "1", "mark": 1}]
    server.first(server.json({"items": states[:2], "total": 3}), server.json({"items": states[2:], "total": 3}))
    server.handler = lambda heard: server.json({"items": [], "total": 3})
    pull(source(records="items", count="total", pagination={"kind": "page", "parameter": "page"}))
    assert [len(page["items"]) for page in landed()] == [2, 1, 0]


def test_the_same_page_of_rows_without_an_id_is_no_progress(server, source, pull):
    server.handler = lambda heard: server.json([{"at": "2026-11-20T12:00:00Z"}])
    with pytest.raises(SymetrieError, match=r"page 2 of .*: it brings nothing but rows of the pages before"):
        pull(source(pagination={"kind": "page", "parameter": "page"}))


def test_a_cursor_that_leads_back_is_no_progress(server, source, pull):
    new = iter(range(100))
    turn = {None: "a", "a": "b", "b": "a"}
    server.handler = lambda heard: server.json({"items": [{"id": next(new)}], "next": turn[heard.params.get("c")]})
    with pytest.raises(SymetrieError, match=r"page 3 of .*: it leads to a page that was read before"):
        pull(source(records="items", pagination={"kind": "cursor", "parameter": "c", "next": "next"}))


def test_pages_without_an_end_are_stopped(server, source, pull):
    new = iter(range(100))
    server.handler = lambda heard: server.json({"items": [{"id": next(new)}], "next": str(next(new))})
    paged = {"kind": "cursor", "parameter": "c", "next": "next", "max_pages": 5}
    with pytest.raises(SymetrieError, match=r"page 5 of .*: more than 5 pages; set `window.slice_days`, or raise"):
        pull(source(records="items", pagination=paged))
    assert len(server.heard) == 5


@pytest.mark.parametrize("status", [400, 404, 410])
def test_a_cursor_that_expires_in_mid_reading_begins_the_slice_again(
    status, server, windowed, pull, landed, rows, honest
):
    """Every row then stands once, and not those of the first attempt beside them."""
    well, expired = honest(server, rows(5)), []

    def handle(heard):
        if heard.params.get("cursor") == "4" and not expired:
            expired.append(heard)
            return server.json({"error": "cursor expired"}, status)
        return well(heard)

    server.handler = handle
    pull(windowed())
    assert ids(landed()) == ["r0000", "r0001", "r0002", "r0003", "r0004"]
    assert [heard.params.get("cursor") for heard in server.heard] == [None, "2", "4", None, "2", "4"]


def test_a_cursor_that_expires_every_time_is_told(server, windowed, pull, landed, rows, honest):
    well = honest(server, rows(5))
    server.handler = lambda heard: server.json({}, 410) if heard.params.get("cursor") else well(heard)
    with pytest.raises(SymetrieError, match=r"page 2 of .* cannot be read: the server answered 410"):
        pull(windowed())
    assert len(server.heard) == 4
    assert landed() == []


def test_every_page_says_what_pull_it_belongs_to_and_the_last_how_far_it_went(server, windowed, pull, rows, honest):
    server.handler = honest(server, rows(5))
    pages = sorted(pull(windowed(absent_is_withdrawn=True)), key=lambda page: page.name)
    assert len({page.pull.pull_id for page in pages}) == 1
    assert {(str(page.pull.window_start_at), str(page.pull.window_end_at)) for page in pages} == {
        ("2026-11-19 23:00:00+00:00", "2026-11-20 23:00:00+00:00")
    }
    assert {page.version_at for page in pages} == {pages[0].pull.pulled_at}
    assert {page.pull.absent_is_withdrawn for page in pages} == {True}
    assert [page.pull.is_last for page in pages] == [False, False, True]
    assert [str(page.pull.cursor_at) for page in pages] == ["None", "None", "2026-11-20 12:04:00+00:00"]


def test_an_empty_window_is_one_empty_page_without_a_cursor(server, windowed, pull, honest):
    """It says that nothing was there; the watermark stays where it was."""
    server.handler = honest(server, [])
    [page] = pull(windowed())
    assert (page.pull.is_last, page.pull.cursor_at) == (True, None)


def test_the_same_page_received_again_is_a_page_of_its_own(server, windowed, pull, rows, honest):
    """It is the truth of another moment."""
    server.handler = honest(server, rows(1))
    pull(windowed())
    first, second = pull(windowed())
    assert first.version_at < second.version_at
    assert first.content_hash != second.content_hash
    assert first.path.read_bytes() == second.path.read_bytes()
