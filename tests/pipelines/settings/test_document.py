"""YAML as text that knows its lines: what is read as written, and what no file may hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.settings import Settings, SettingsError, load_settings
from pipelines.settings.document import key_text
from pipelines.settings.reading import read_document

Load = Callable[..., Settings]
Lines = Callable[..., list[str]]


def test_codes_that_yaml_takes_for_numbers_or_booleans_stay_as_written(load: Load) -> None:
    """Elsewhere in YAML `NO` is false and `0012` is ten."""
    text = """\
network:
  units:
    - {id: NO, timezone: Europe/Oslo}
    - {id: 0012, parent: NO}
sources:
  - {name: survey, path: drops, questionnaire: overall-only-1, unit_codes: {0099: 0012, on: NO}}
"""
    settings = load(text)
    assert settings.network.unit_ids == {"NO", "0012"}
    assert settings.sources[0].unit_codes == {"0099": "0012", "on": "NO"}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("locale: fr: en", 1, "mapping values are not allowed in this context; put quotes around a text"),
        ("a: 1\n\tb: 2", 2, "indent with spaces"),
        ("a: 'open", 1, "unexpected end of stream"),
        ("locale: fr\nname: @home", 2, "put quotes around the text"),
        ("a: {path: ${NAME}/x}", 1, "put quotes around a text with { } [ ] or , in it, as '${NAME}'"),
        ("a: *nothing", 1, "found undefined alias; put quotes around a text that begins with '*'"),
        ("locale: fr\nname: \x00", 2, "a character that YAML forbids"),
    ],
)
def test_a_syntax_error_gives_its_line_and_what_to_do(text: str, line: int, message: str, tmp_path: Path) -> None:
    file = tmp_path / "symetrie.yaml"
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        read_document(file, {})
    (problem,) = caught.value.problems
    assert problem.place.line == line
    assert message in problem.message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r": is empty; see docs/settings.md"),
        (b"# only a comment\n", r": is empty"),
        (b"- a list\n", r":1: must hold keys and values"),
        ("locale: fr\nname: été".encode("cp1252"), r":2: is not UTF-8; save the file as UTF-8"),
    ],
)
def test_a_file_that_holds_no_settings_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    file = tmp_path / "symetrie.yaml"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match=message):
        read_document(file, {})


def test_a_byte_order_mark_is_no_trouble(tmp_path: Path) -> None:
    file = tmp_path / "symetrie.yaml"
    file.write_text("locale: fr", encoding="utf-8-sig")
    assert read_document(file, {}).content == {"locale": "fr"}


def test_a_key_written_twice_is_refused(problems: Lines) -> None:
    assert problems("locale: fr\nlocale: en\n") == [
        "symetrie.yaml:2: locale: is written twice, first on line 1; keep one"
    ]


def test_blocks_can_be_repeated_by_anchor_and_merged(load: Load) -> None:
    text = """\
network:
  units:
    - &shop {id: paris, timezone: Europe/Paris, open_on: mon-sat}
    - {<<: *shop, id: lyon}
"""
    assert [unit.open_on for unit in load(text).network.units] == [(0, 1, 2, 3, 4, 5)] * 2


def test_an_alias_of_itself_or_of_many_aliases_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "symetrie.yaml"
    laughs = "".join(f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 9)}]\n" for level in range(1, 30))
    file.write_text(f"self: &self [*self]\nl0: &l0 [ha]\n{laughs}")
    assert read_document(file, {}).content["self"] == [None]


def test_the_environment_fills_in_names_in_braces(load: Load, tmp_path: Path) -> None:
    text = "sources:\n  - {name: survey, path: 's3://${BUCKET}/${YEAR}/*.csv', questionnaire: overall-only-1}\n"
    assert load(text, {"BUCKET": "drops", "YEAR": "2026"}).sources[0].path == "s3://drops/2026/*.csv"


def test_a_variable_that_is_not_set_is_told_once_with_its_name(problems: Lines) -> None:
    assert problems("locale: ${LOCALE}\nwarehouse: ${no name}\n") == [
        "symetrie.yaml:1: locale: needs the environment variable LOCALE, which is not set; export LOCALE=…",
        "symetrie.yaml:2: warehouse: has a ${…} that is not the name of an environment variable; write ${NAME}",
    ]


SECRETS = {
    "warehouse: postgresql+psycopg://house:hunter2@db/symetrie\n": "symetrie.yaml:1: warehouse: holds a password;",
    "password: hunter2\n": "symetrie.yaml:1: password: holds a secret;",
    "thresholds: {apiKey: [hunter2]}\n": "symetrie.yaml:1: thresholds.apiKey: holds a secret;",
    "sources:\n  - {name: a, path: 'sftp://me:hunter2@host/x'}\n": "symetrie.yaml:2: sources[0].path: holds a secret;",
    "recipients:\n  - {unit: 'https://x/?access_token=hunter2'}\n": "symetrie.yaml:2: recipients[0].unit: holds a",
    "scales: {'https://u:hunter2@x': 1}\n": "symetrie.yaml:1: scales: holds a secret;",
}


@pytest.mark.parametrize("text", SECRETS)
def test_a_secret_is_refused_and_never_repeated(text: str, problems: Lines) -> None:
    lines = problems(text)
    assert any(line.startswith(SECRETS[text]) for line in lines)
    assert "hunter2" not in "\n".join(lines)


def test_a_password_may_come_from_the_environment_for_the_warehouse_alone(load: Load, problems: Lines) -> None:
    """A source's path is written to manifests and logs; the warehouse's URL is not."""
    url = "postgresql+psycopg://house:${PASSWORD}@db/symetrie"
    settings = load(f"warehouse: {url}\n", {"PASSWORD": "hunter2"})
    assert settings.warehouse_url == "postgresql+psycopg://house:hunter2@db/symetrie"
    assert "hunter2" not in repr(settings)
    text = "sources:\n  - {name: a, path: 'sftp://me:${PASSWORD}@host/x', questionnaire: overall-only-1}\n"
    (line,) = problems(text, {"PASSWORD": "hunter2"})
    assert line.startswith("symetrie.yaml:2: sources[0].path: holds a secret; take it out and name a connection")
    assert "hunter2" not in line


def test_words_of_the_source_are_not_taken_for_secrets(load: Load) -> None:
    source = "{name: a, path: x, questionnaire: overall-only-1, channels: {token: kiosk}, unit_codes: {SECRET: shop}}"
    assert load(f"sources:\n  - {source}\n").sources[0].channels == {"token": "kiosk"}


@given(
    secret=st.from_regex(r"hunter2[A-Za-z0-9]{0,9}", fullmatch=True),
    before=st.sampled_from(["*", "&", "!", "@", "%", "'", '"', "{", "[", "|", ">", "- ", "? ", "a: ", ""]),
)
def test_whatever_the_syntax_around_it_a_secret_is_not_repeated(
    secret: str, before: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / "secret.yaml"
    file.write_text(f"locale: fr\npassword: {before}{secret}\n")
    with pytest.raises(SettingsError) as caught:
        load_settings(file, {})
    assert secret not in str(caught.value)


def test_a_path_of_keys_reads_as_a_person_writes_it() -> None:
    assert key_text(("network", "units", 3, "parent")) == "network.units[3].parent"
