"""The reference, the schema and the examples say what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from pipelines.settings import (
    Fields,
    FilesSource,
    RestSource,
    Retention,
    Thresholds,
    load_settings,
    settings_json_schema,
)
from pipelines.settings.alerts import FollowUp, FollowUps
from pipelines.settings.benchmarks import BenchmarkEntry
from pipelines.settings.campaigns import CampaignEntry
from pipelines.settings.delivery import Delivery
from pipelines.settings.file import NetworkBlock, SettingsFile
from pipelines.settings.gate import Gate
from pipelines.settings.headcounts import HeadcountEntry
from pipelines.settings.pulse import Pulse
from pipelines.settings.questionnaires import QuestionEntry, ScaleEntry
from pipelines.settings.recipients import RecipientEntry
from pipelines.settings.redaction import Redaction
from pipelines.settings.rest_source import Http, Pagination, Window
from pipelines.settings.units import UnitEntry
from symetrie.measures import CLIENT_MEASURES
from symetrie.sectors import SECTORS

ROOT = Path(__file__).parents[3]
REFERENCE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
EXAMPLES = [block for block in re.findall(r"```yaml\n(.*?)```", REFERENCE, re.DOTALL) if "# an excerpt" not in block]
FILES = dict(re.findall(r"`([\w-]+\.csv)`[^\n]*\n\n```csv\n(.*?)```", REFERENCE, re.DOTALL))
[PULSE] = [block for block in re.findall(r"```yaml\n(.*?)```", REFERENCE, re.DOTALL) if "\npulse:" in block]
SURGERIES = ROOT / "examples" / "gp_fft" / "symetrie.yaml"
BLOCKS = [
    SettingsFile,
    NetworkBlock,
    UnitEntry,
    FilesSource,
    RestSource,
    Pagination,
    Window,
    Http,
    Fields,
    QuestionEntry,
    ScaleEntry,
    Pulse,
    CampaignEntry,
    HeadcountEntry,
    BenchmarkEntry,
    FollowUps,
    FollowUp,
    Thresholds,
    Retention,
    Redaction,
    Gate,
    RecipientEntry,
    Delivery,
]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.__name__)
def test_every_key_stands_in_the_reference_and_has_a_description(block: type[SettingsFile]) -> None:
    assert [key for key in block.model_fields if f"`{key}`" not in REFERENCE] == []
    assert [key for key, field in block.model_fields.items() if not field.description] == []


def test_every_measure_stands_in_the_reference() -> None:
    assert [measure.key for measure in CLIENT_MEASURES if f"`{measure.key}`" not in REFERENCE] == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_whole_example_of_the_reference_loads(example: str, tmp_path: Path) -> None:
    (tmp_path / "symetrie.yaml").write_text(example, encoding="utf-8")
    (tmp_path / "network.csv").write_text(FILES["network.csv"], encoding="utf-8")
    assert load_settings(tmp_path / "symetrie.yaml", {}).recipients


def test_the_example_of_a_pulse_loads_with_its_files(tmp_path: Path) -> None:
    network = "network: {units: [{id: shop, timezone: Europe/Paris}]}\n"
    (tmp_path / "symetrie.yaml").write_text(network + PULSE, encoding="utf-8")
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="cp1252")
    settings = load_settings(tmp_path / "symetrie.yaml", {})
    assert [(campaign.name, campaign.headcounts) for campaign in settings.campaigns] == [
        ("Printemps 2026", {"shop": 14}),
        ("2026-w14", {"shop": 15}),
    ]
    assert [(benchmark.score_pct, benchmark.answer_count) for benchmark in settings.benchmarks] == [
        (61.5, 2400),
        (-4, None),
    ]


def test_every_sector_stands_in_the_reference() -> None:
    assert [sector.key for sector in SECTORS if f"`{sector.key}`" not in REFERENCE] == []


@pytest.mark.parametrize("example", [*EXAMPLES, "network: {}\n" + PULSE, SURGERIES.read_text(encoding="utf-8")])
def test_the_schema_for_editors_accepts_the_examples(example: str) -> None:
    as_an_editor_reads_it = json.loads(json.dumps(yaml.safe_load(example), default=str))
    jsonschema.validate(as_an_editor_reads_it, settings_json_schema())


@pytest.mark.parametrize(
    ("example", "path"),
    [
        ({"local": "fr"}, []),
        ({"sources": [{"name": "a", "path": "x", "questionnaire": "q", "format": "cvs"}]}, ["sources", 0, "format"]),
        ({"sources": [{"name": "a", "path": "x"}]}, ["sources", 0]),
        ({"sources": [{"name": "a", "path": "x", "side": "contact"}]}, ["sources", 0]),
        ({"pulse": {"floor": 2}}, ["pulse", "floor"]),
        ({"questionnaires": {"q": {"overal": {"field": "a", "scale": "s"}}}}, ["questionnaires", "q"]),
    ],
)
def test_the_schema_for_editors_refuses_what_loading_refuses(example: dict[str, Any], path: list[str]) -> None:
    whole = {"network": {}, "sources": []} | example
    with pytest.raises(jsonschema.ValidationError) as caught:
        jsonschema.validate(whole, settings_json_schema())
    assert list(caught.value.absolute_path) == path


def test_the_ten_surgeries_are_one_network_with_one_worded_question(tmp_path: Path) -> None:
    settings = load_settings(SURGERIES, {"SYMETRIE_DATA": str(tmp_path)})
    (source,) = settings.sources
    assert source.path == f"{tmp_path}/**/feedback.csv"
    assert source.fields.verbatim == ("text_why", "text_improve")
    assert settings.locale == "en"
    assert settings.network.roots == ("Brompton-Health-PCN",)
    assert len(settings.network.unit_ids) == 11
    assert set(settings.network.timezones.values()) == {"Europe/London"}
    assert settings.questionnaires[source.questionnaire].measures == ("overall",)
    assert settings.scale("quality_words").marks["neither good or poor"] == 3
