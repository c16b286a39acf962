"""The way back from the quarantine, as a person types it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli.app import app
from pipelines.errors import SymetrieError

SETTINGS = """\
network:
  units:
    - {id: shops, kind: network, name: Two shops, timezone: Europe/Paris}
    - {id: lyon, kind: site, name: Lyon, parent: shops}
questionnaires:
  test-1:
    overall: {field: mark, scale: one_to_five}
sources:
  - name: survey
    kind: files
    path: drops/*.csv
    questionnaire: test-1
    settle_seconds: 0
    fields: {response_id: id, unit_id: shop, submitted_at: at}
"""
DROP = "id,shop,at,mark\ng1,lyon,2026-11-20 10:00,5\np1,paris,2026-11-20 10:00,1\nm1,lyon,2026-11-20 10:00,9\nb1,lyon\n"


@pytest.fixture
def symetrie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The command in a house that has run once; gives what it printed, words apart by one space."""
    (tmp_path / "drops").mkdir()
    (tmp_path / "symetrie.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "drops" / "a.csv").write_text(DROP, encoding="utf-8")
    for name in ("SYMETRIE_CONFIG", "SYMETRIE_HOME", "SYMETRIE_WAREHOUSE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> str:
        done = CliRunner().invoke(app, arguments, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return " ".join(done.stdout.split())

    call("run", "--date", "2026-11-20")
    return call


def test_records_are_listed_mended_replayed_and_keep_their_trace(symetrie: Callable[..., str], tmp_path: Path) -> None:
    """One by a value set, one in a file, one that is no record until somebody writes it out."""
    assert symetrie("quarantine", "list").startswith("3 waiting, 0 settled.")
    assert "survey 1 1 0 0 0" in symetrie("quarantine", "replay", "--reason", "unknown_unit", "--set", "unit_id=lyon")
    exported = CliRunner().invoke(app, ["quarantine", "export"]).stdout.splitlines()
    broken, outside = sorted(map(json.loads, exported), key=lambda entry: "payload" in entry)
    assert json.loads(broken["received"]) == {"raw": "b1,lyon"}
    outside["payload"]["mark"] = "4"
    (tmp_path / "corrected.jsonl").write_text(json.dumps(outside), encoding="utf-8")
    assert "survey 1 1 0 0 0" in symetrie("quarantine", "replay", "--from-file", "corrected.jsonl")
    assert (
        f"cannot be read from the quarantine, they were cut, have expired or are no records: {broken['record_key']}"
        in (symetrie("quarantine", "replay"))
    )
    assert symetrie("quarantine", "list").startswith("1 waiting, 2 settled (2 loaded).")
    assert "p1#" in symetrie("quarantine", "list", "--resolved")
    shown = symetrie("quarantine", "show", outside["record_key"])
    assert "resolution loaded" in shown
    assert '"mark":"9"' in shown
    assert '"mark": "4"' in shown


def test_what_would_mend_every_record_is_refused(symetrie: Callable[..., str]) -> None:
    """And so is a value without its field."""
    with pytest.raises(SymetrieError, match="--set would mend every record"):
        symetrie("quarantine", "replay", "--set", "unit_id=lyon")
    with pytest.raises(SymetrieError, match="write FIELD=VALUE"):
        symetrie("quarantine", "replay", "--source", "survey", "--set", "lyon")


def test_a_mistyped_reason_is_answered_with_the_reasons_that_wait(symetrie: Callable[..., str]) -> None:
    """Nothing is replayed; who asked sees at once what could have been meant."""
    said = symetrie("quarantine", "replay", "--reason", "unkown_unit")
    assert said.startswith("Nothing waits in quarantine that was asked for; what waits: ")
    assert "unknown_unit 1" in said
