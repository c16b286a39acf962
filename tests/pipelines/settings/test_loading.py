"""Which file is read, what the environment overrides, and that everything wrong is told at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.errors import SymetrieError
from pipelines.settings import Settings, SettingsError, load_settings

Load = Callable[..., Settings]
Lines = Callable[..., list[str]]
Write = Callable[..., Path]


def test_the_smallest_house_is_a_unit_and_a_source(load: Load) -> None:
    settings = load()
    assert settings.locale == "fr"
    assert [unit.id for unit in settings.network.units] == ["shop"]
    assert [source.name for source in settings.sources] == ["survey"]
    assert settings.thresholds.bad_share_pct == 50
    assert settings.retention.score_daily_days == 400


def test_everything_wrong_is_told_at_once_in_the_order_of_the_lines(problems: Lines) -> None:
    text = """\
local: en
thresholds: {low_mark: 7}
sources:
  - name: survey
    path: drops/*.csv
    questionaire: overall-only-1
    format: cvs
    timezone: Europe/Pari
recipients:
  - {id: anne, name: Anne, unit: shoop, locale: de}
  - {id: anne, name: Anna, unit: shop, email: nowhere}
"""
    assert problems(text) == [
        "symetrie.yaml:1: local: is not a known key; did you mean 'locale'?",
        "symetrie.yaml:2: thresholds.low_mark: must be at most 5",
        (
            "symetrie.yaml:4: sources[0].questionnaire: is missing;"
            " add it (version of the questionnaire that the answers reply to)"
        ),
        "symetrie.yaml:6: sources[0].questionaire: is not a known key; did you mean 'questionnaire'?",
        "symetrie.yaml:7: sources[0].format: must be 'csv', 'json', 'jsonl' or 'parquet'",
        "symetrie.yaml:8: sources[0].timezone: 'Europe/Pari' is not a time zone; did you mean 'Europe/Paris'?",
        "symetrie.yaml:10: recipients[0].locale: must be 'fr' or 'en'",
        "symetrie.yaml:11: recipients[1].id: 'anne' also stands on line 10; choose another",
        "symetrie.yaml:11: recipients[1].email: must be an e-mail address, as name@example.com",
    ]


def test_one_wrong_entry_does_not_hide_what_is_wrong_in_another(problems: Lines) -> None:
    text = """\
sources:
  - {name: first, path: drops, questionnaire: overall-only-1, settle_seconds: soon}
  - {name: second, path: drops, questionnaire: overal-only-1}
recipients:
  - {id: anne, name: Anne, unit: shoop}
"""
    assert problems(text) == [
        "symetrie.yaml:2: sources[0].settle_seconds: must be a number",
        (
            "symetrie.yaml:3: sources[1].questionnaire: there is no questionnaire 'overal-only-1';"
            " did you mean 'overall-only-1'?"
        ),
        "symetrie.yaml:5: recipients[0].unit: there is no unit 'shoop'; did you mean 'shop'?",
    ]


def test_a_hundred_problems_are_shown_and_all_are_kept(load: Load) -> None:
    units = "\n".join(f"    - {{id: shop-{number}, parent: nowhere}}" for number in range(150))
    with pytest.raises(SettingsError) as caught:
        load(f"network:\n  units:\n{units}\n")
    assert len(caught.value.problems) == 150
    assert str(caught.value).splitlines()[-1] == "and 50 more problems"


def test_a_block_of_the_wrong_shape_is_told(problems: Lines) -> None:
    assert problems("sources: none\nrecipients: {anne: shop}\nnetwork: [shop]\n") == [
        "symetrie.yaml:1: sources: must hold a list of entries, each after a '-'",
        "symetrie.yaml:2: recipients: must hold a list of entries, each after a '-'",
        "symetrie.yaml:3: network: must hold keys and values",
    ]


def test_an_entry_of_the_wrong_shape_is_told(problems: Lines) -> None:
    text = "network:\n  units:\n    - [shop]\n    -\n    - {id: [shop], timezone: Europe/Paris}\n"
    shape = "must hold keys and values"
    assert problems(text + "sources:\n  - survey\nrecipients:\n  - {id: {a: b}, name: A, unit: x}\n  -\n") == [
        f"symetrie.yaml:3: network.units[0]: {shape}",
        f"symetrie.yaml:4: network.units[1]: {shape}",
        "symetrie.yaml:5: network.units[2].id: must be a text",
        f"symetrie.yaml:7: sources[0]: {shape}",
        "symetrie.yaml:9: recipients[0].id: must be a text",
        f"symetrie.yaml:10: recipients[1]: {shape}",
    ]


def test_a_house_without_units_or_sources_is_refused(problems: Lines) -> None:
    assert problems("network: {units: []}\nsources: []\n") == [
        "symetrie.yaml:1: network: has no unit; write units, or name a CSV file in units_csv",
        "symetrie.yaml:2: sources: has no source; add one, or the answers come from nowhere",
    ]


def test_a_block_without_a_value_counts_as_left_out(load: Load) -> None:
    assert load("thresholds:\nrecipients:\nlocale:\n").recipients == ()


def test_a_given_file_wins_over_the_environment_over_the_folder_over_the_demo(write: Write, tmp_path: Path) -> None:
    folder = write()
    named, given, demo = (tmp_path / name / "symetrie.yaml" for name in ("named", "given", "home/demo"))
    for file in (named, given, demo):
        file.parent.mkdir(parents=True)
        file.write_text(folder.read_text())
    environment = {"SYMETRIE_CONFIG": str(named), "SYMETRIE_HOME": str(tmp_path / "home")}
    assert load_settings(given, environment).path == given
    assert load_settings(None, environment).path == named
    del environment["SYMETRIE_CONFIG"]
    assert load_settings(None, environment).path == folder
    folder.unlink()
    assert load_settings(None, environment).path == demo


def test_no_file_at_all_says_where_it_looked_and_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        SettingsError, match=r"no settings here, nor in .*demo/symetrie.yaml; name a file with --config"
    ):
        load_settings(None, {})
    with pytest.raises(SettingsError, match=r"^there.yaml: there is no such file$"):
        load_settings(Path("there.yaml"), {})
    with pytest.raises(SettingsError, match=r"^there.yaml: there is no such file; SYMETRIE_CONFIG names it$"):
        load_settings(None, {"SYMETRIE_CONFIG": "there.yaml"})


def test_the_home_is_absolute_and_by_default_in_the_working_folder(load: Load, tmp_path: Path) -> None:
    assert load().home == tmp_path / ".symetrie"
    assert load(environment={"SYMETRIE_HOME": "elsewhere"}).home == tmp_path / "elsewhere"


def test_the_warehouse_is_that_of_the_environment_else_of_the_file_else_under_the_home(
    load: Load, tmp_path: Path
) -> None:
    url = "postgresql+psycopg://house@db/symetrie"
    assert load().warehouse_url == f"duckdb:///{tmp_path}/.symetrie/warehouse.duckdb"
    assert load(f"warehouse: {url}\n").warehouse_url == url
    assert load("warehouse: duckdb:///data/house.duckdb\n").warehouse_url == f"duckdb:///{tmp_path}/data/house.duckdb"
    assert load(f"warehouse: {url}\n", {"SYMETRIE_WAREHOUSE_URL": "duckdb:////w"}).warehouse_url == "duckdb:////w"


def test_the_url_of_the_warehouse_may_stand_in_a_file_of_secrets(load: Load, tmp_path: Path) -> None:
    """As containers hand them in: with the line feed that editors leave."""
    secret = tmp_path / "warehouse_url"
    secret.write_text("postgresql+psycopg://house:secret@db/symetrie\n", encoding="utf-8")
    handed = {"SYMETRIE_WAREHOUSE_URL_FILE": str(secret)}
    assert load(environment=handed).warehouse_url == "postgresql+psycopg://house:secret@db/symetrie"
    assert load(environment=handed | {"SYMETRIE_WAREHOUSE_URL": "duckdb:////w"}).warehouse_url == "duckdb:////w"


def test_a_missing_file_of_secrets_is_named(load: Load, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file or directory; SYMETRIE_WAREHOUSE_URL_FILE names it"):
        load(environment={"SYMETRIE_WAREHOUSE_URL_FILE": str(tmp_path / "nowhere")})


def test_a_recipient_has_the_language_of_the_file_unless_they_choose(load: Load) -> None:
    text = "locale: en\nrecipients:\n  - {id: a, name: A, unit: shop}\n  - {id: b, name: B, unit: shop, locale: fr}\n"
    assert [recipient.locale for recipient in load(text).recipients] == ["en", "fr"]


def test_an_unknown_source_is_told_with_the_known_ones(load: Load) -> None:
    settings = load()
    assert settings.source("survey").questionnaire == "overall-only-1"
    with pytest.raises(SymetrieError, match=r"no source 'servey' in symetrie.yaml; did you mean 'survey'\?"):
        settings.source("servey")


def test_windows_may_be_added_between_the_usual_ones(load: Load) -> None:
    """Fourteen days beside 1, 7, 28 and 91, in any order."""
    assert load("windows: [91, 14, 1, 7, 28]\n").windows == (1, 7, 14, 28, 91)


@pytest.mark.parametrize(
    ("windows", "says"), [("[1, 7, 28]", "also needs 91"), ("[1, 7, 28, 91, 400]", "1 to 91 days")]
)
def test_windows_that_the_morning_answer_needs_stay(problems: Lines, windows: str, says: str) -> None:
    """And none reaches further than what scores look back."""
    assert any(says in line for line in problems(f"windows: {windows}\n"))
