"""What a source may say about its files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.settings import CHANNELS, Fields, Settings, load_settings

Load = Callable[..., Settings]
Write = Callable[..., Path]
Lines = Callable[..., list[str]]


def one_source(keys: str) -> str:
    return f"sources:\n  - name: survey\n    questionnaire: overall-only-1\n    {keys}\n"


def test_a_path_is_relative_to_the_settings_file(load: Load, tmp_path: Path) -> None:
    assert load(one_source("path: drops/*.csv")).sources[0].path == f"{tmp_path}/drops/*.csv"


def test_a_path_that_begins_with_the_environment_is_relative_to_the_working_folder(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a person types in their shell is relative to where they type it."""
    file = write(one_source("path: ${DATA}/*.csv"))
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")
    assert load_settings(file, {"DATA": "exports"}).sources[0].path == f"{tmp_path}/desk/exports/*.csv"


@pytest.mark.parametrize("path", ["/mnt/drops/*.csv", "s3://bucket/drops/*.csv", "sftp://user@host:2222/drops/*.csv"])
def test_an_absolute_path_and_a_url_stay_as_they_are(path: str, load: Load) -> None:
    assert load(one_source(f"path: {path}")).sources[0].path == path


def test_a_field_has_one_name_or_several_and_by_default_its_own(load: Load) -> None:
    fields = (
        load(one_source("path: x\n    fields: {unit_id: [Magasin, Boutique], verbatim: Commentaire}")).sources[0].fields
    )
    assert fields == Fields(unit_id=("Magasin", "Boutique"), verbatim=("Commentaire",))
    assert fields.response_id == ("response_id",)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("fields: {unit_id: []}", "fields.unit_id: must not be empty"),
        ("fields: {verbtim: x}", "fields.verbtim: is not a known key; did you mean 'verbatim'?"),
        ("fields: {unit_id: {name: x}}", "fields.unit_id: must be a text or a list of texts"),
        ("channel: stor", "channel: 'stor' is not a channel; did you mean 'store'?"),
        ("channels: {Borne: kiosque}", "channels.Borne: 'kiosque' is not a channel; did you mean 'kiosk'?"),
        ("unit_codes: {A12: shopp}", "unit_codes.A12: there is no unit 'shopp'; did you mean 'shop'?"),
        ("encoding: utf-9", "encoding: 'utf-9' is not an encoding; write utf-8 or cp1252, or leave it out"),
        ("delimiter: ';;'", "delimiter: must be one character, as ';', ',' or \"\\t\"; or leave it out"),
        ("date_formats: [dd/mm/yyyy]", "date_formats[0]: must be a strptime format, as '%d/%m/%Y %H:%M'"),
        ("settle_seconds: -1", "settle_seconds: must be at least 0"),
        ("settle_seconds: nan", "settle_seconds: must be a number"),
        ("kind: ftp", "kind: must be 'files' or 'rest'"),
        ("day_of: experiance", "day_of: must be 'answer' or 'experience'"),
    ],
)
def test_a_wrong_value_is_told_with_what_to_write(keys: str, message: str, problems: Lines) -> None:
    assert problems(one_source(f"path: x\n    {keys}")) == [f"symetrie.yaml:5: sources[0].{message}"]


def test_a_name_stands_once_and_is_made_of_plain_characters(problems: Lines) -> None:
    source = "path: x, questionnaire: overall-only-1"
    text = f"sources:\n  - {{name: a, {source}}}\n  - {{name: a, {source}}}\n  - {{name: Enquête, {source}}}\n"
    assert problems(text) == [
        "symetrie.yaml:3: sources[1].name: 'a' also stands on line 2; choose another",
        (
            "symetrie.yaml:4: sources[2].name: must be made of lower-case letters, digits, '-', '_' and '.',"
            " and begin with one of the first two"
        ),
    ]


def test_a_name_that_stands_twice_on_one_line_is_told_too(problems: Lines) -> None:
    source = "{name: a, path: x, questionnaire: overall-only-1}"
    assert problems(f"sources: [{source}, {source}]\n") == [
        "symetrie.yaml:1: sources[1].name: 'a' also stands on line 1; choose another"
    ]


def test_the_channels_are_the_ten_that_everybody_shares() -> None:
    assert CHANNELS == ("store", "web", "app", "email", "phone", "kiosk", "sms", "social", "letter", "unknown")
