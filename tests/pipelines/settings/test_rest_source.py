"""The block of a JSON API: what may be left out, and what is told when something is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.settings import RestSource, Settings, load_settings

Load = Callable[..., Settings]
Lines = Callable[..., list[str]]
SOURCES_PAGE = Path(__file__).parents[3] / "docs" / "sources.md"


def api(keys: str) -> str:
    """A source of four lines, then the keys."""
    return f"sources:\n  - name: api\n    kind: rest\n    questionnaire: overall-only-1\n    {keys}\n"


def test_host_path_and_a_name_are_enough(load: Load) -> None:
    [source] = load(api("path: v1/answers\n    connection: tool")).sources
    assert isinstance(source, RestSource)
    assert (source.path, source.auth, source.window, source.pagination.kind) == ("/v1/answers", "none", None, "none")
    assert source.http.max_body_bytes == 67_108_864


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("path: x", "2: sources[0].connection: is missing; add it (id of the connection with host"),
        (
            "{c}\n    pagination: {{kind: pages}}",
            "7: sources[0].pagination.kind: must be 'none', 'page', 'offset', 'cursor' or",
        ),
        (
            "{c}\n    pagination: {{kind: page}}",
            "7: sources[0].pagination: needs parameter, the name of what carries the page",
        ),
        (
            "{c}\n    pagination: {{kind: cursor, parameter: c}}",
            "7: sources[0].pagination: needs next, the place of the",
        ),
        ("{c}\n    pagination: {{stop_on: short}}", "7: sources[0].pagination: needs size, to tell a short page"),
        ("{c}\n    pagination: {{sise: 3}}", "7: sources[0].pagination.sise: is not a known key; did you mean 'size'?"),
        (
            "{c}\n    window: {{start: from, end: to}}",
            "7: sources[0].window.field: is missing; add it (field of a record whose",
        ),
        (
            "{c}\n    window: {{start: from, end: to, field: a, since: soon}}",
            "7: sources[0].window.since: must be a day written",
        ),
        ("{c}\n    auth: Bearer abc", "7: sources[0].auth: must be 'none', 'bearer', 'basic', 'header' or 'oauth2'"),
        ("{c}\n    auth: header", "2: sources[0]: needs key_header, the name of the header that carries the key"),
        ("{c}\n    auth: oauth2", "2: sources[0]: needs token_url, where client credentials become a token"),
        ("{c}\n    token: abc", "7: sources[0].token: holds a secret; take it out and name a connection instead"),
        ("{c}\n    params: {{api_key: abc}}", "7: sources[0].params.api_key: holds a secret; take it out"),
        (
            "{c}\n    http: {{requests_per_second: 1, requests_per_minute: 2}}",
            "7: sources[0].http: has two rates; keep the one",
        ),
        ("{c}\n    http: {{retries: -1}}", "7: sources[0].http.retries: must be at least 0"),
        ("{c}\n    delimiter: ';'", "7: sources[0].delimiter: is not a known key"),
        (
            "{c}\n    records: $.a[*]",
            "7: sources[0].records: is not a JSONPath from '[*]' on; write keys, places and one",
        ),
        (
            "{c}\n    fields: {{unit_id: $..store}}",
            "7: sources[0].fields.unit_id[0]: is not a JSONPath from '..store' on; write",
        ),
        (
            "connection: tool\n    path: https://api.example.com/v1",
            "6: sources[0].path: must be a path, as /v1/answers; the",
        ),
        (
            "{c}\n    absent_is_withdrawn: true\n    window: {{start: from, end: to, field: updated_at}}",
            "2: sources[0]: absent_is_withdrawn needs a window over the field of submitted_at, which never moves",
        ),
    ],
)
def test_what_is_wrong_is_told_with_what_to_write(keys: str, message: str, problems: Lines) -> None:
    [line] = problems(api(keys.format(c="path: x\n    connection: tool")))
    assert line.startswith(f"symetrie.yaml:{message}")
    assert "abc" not in line


def test_the_worked_example_of_the_page_loads(tmp_path: Path) -> None:
    """What a reader copies is right."""
    page = SOURCES_PAGE.read_text(encoding="utf-8").partition("# The rest source")[2]
    example = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert example
    house = "network: {units: [{id: shop, timezone: Europe/Paris}]}\n"
    house += "questionnaires: {after-visit-3: {overall: {field: mark, scale: one_to_five}}}\n"
    (tmp_path / "symetrie.yaml").write_text(house + example.group(1), encoding="utf-8")
    [source] = load_settings(tmp_path / "symetrie.yaml", {}).sources
    assert isinstance(source, RestSource)
    assert source.window
    assert source.window.reread_days == 1
