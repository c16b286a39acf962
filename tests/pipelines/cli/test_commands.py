"""What people type: help with an example each, one clear line when something is wrong, and true exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import main
from pipelines.cli.app import app

SETTINGS = """\
network:
  units:
    - {id: shops, kind: network, name: Two shops, timezone: Europe/Paris}
    - {id: lyon, kind: site, name: Lyon, parent: shops}
    - {id: nice, kind: site, name: Nice, parent: shops}
questionnaires:
  test-1:
    overall: {field: mark, scale: one_to_five}
sources:
  - name: survey
    kind: files
    path: drops/*.csv
    questionnaire: test-1
    settle_seconds: 0
    fields: {response_id: id, unit_id: shop, submitted_at: at, verbatim: words}
"""
DROP = "id,shop,at,mark,words\n" + "".join(f"r{n},lyon,2026-11-20 10:0{n},5,\n" for n in range(6))


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with settings and one drop in it."""
    (tmp_path / "drops").mkdir()
    (tmp_path / "symetrie.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "drops" / "first.csv").write_text(DROP, encoding="utf-8")
    for name in ("SYMETRIE_CONFIG", "SYMETRIE_HOME", "SYMETRIE_WAREHOUSE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@dataclass(frozen=True)
class Done:
    """What a command printed, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


Symetrie = Callable[..., Done]


@pytest.fixture
def symetrie(house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Symetrie:
    """The entry point, called in this process: Great Expectations takes seven seconds to import."""

    def call(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["symetrie", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed, code = capsys.readouterr(), ended.value.code
        if isinstance(code, str):  # what `python` does with it at exit
            return Done(1, printed.out, f"{printed.err}{code}\n")
        return Done(code or 0, printed.out, printed.err)

    return call


def commands() -> list[list[str]]:
    """Every command, found in the application itself."""
    top = [[command.name] for command in app.registered_commands]
    groups = app.registered_groups
    return top + [
        [group.name, command.name] for group in groups for command in group.typer_instance.registered_commands
    ]


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_help_shows_an_example(command: list[str]) -> None:
    """A newcomer copies a line rather than a grammar."""
    shown = CliRunner().invoke(app, [*command, "--help"])
    assert shown.exit_code == 0
    assert f"Example: symetrie {' '.join(command)}" in " ".join(shown.output.replace("│", " ").split())


def test_a_run_then_a_summary_answers_yesterday(house: Path, symetrie: Symetrie) -> None:
    """Two commands from a file drop to the answer, in every form."""
    done = symetrie("run", "--date", "2026-11-20")
    assert done.returncode == 0, done.stderr
    assert [int(n) for n in done.stdout.split("survey")[1].split()[:6]] == [6, 6, 0, 0, 0, 0]
    answer = json.loads(symetrie("summary", "--date", "2026-11-20", "--unit", "lyon", "--format", "json").stdout)
    assert "yes" in json.dumps(answer)
    assert symetrie("summary", "--date", "2026-11-20", "--format", "html").stdout.lstrip().startswith("<!doctype html>")
    assert "100.0" in symetrie("scores", "--as-of", "2026-11-20", "--window", "7").stdout
    assert symetrie("warehouse", "check").stdout == "The warehouse is consistent.\n"


def test_bad_rows_are_listed_with_their_reason_and_the_rest_is_published(house: Path, symetrie: Symetrie) -> None:
    """A mark of 7, an unknown site, 2099, a broken line and a formula: nothing is lost."""
    bad = (
        "id,shop,at,mark,words\nb1,lyon,2026-11-20 10:00,7,\nb2,paris,2026-11-20 10:00,5,\n"
        "b3,lyon,2099-01-01 10:00,5,\nb4,lyon,1980-01-01 00:00,5,\n,lyon,2026-11-20 10:00,5,\n"
        "b6,lyon\nok,nice,2026-11-20 10:00,2,=HYPERLINK(1)\n"
    )
    (house / "drops" / "bad.csv").write_text(bad, encoding="utf-8")
    done = symetrie("run", "--date", "2026-11-20")
    assert [int(n) for n in done.stdout.split("survey")[1].split()[:6]] == [13, 7, 0, 0, 6, 0]
    listed = symetrie("quarantine", "list").stdout
    for reason in (
        "answer_outside_scale", "unknown_unit", "future_date", "impossible_date", "missing_response_id", "broken_line",
    ):  # fmt: skip
        assert reason in listed


def test_a_run_says_how_much_was_replaced_in_clients_words_and_not_what(house: Path, symetrie: Symetrie) -> None:
    said = "r1,lyon,2026-11-20 10:00,5,Merci Karim 0612345678\nr2,lyon,2026-11-20 10:01,5,Karim\n"
    (house / "drops" / "first.csv").write_text(f"id,shop,at,mark,words\n{said}", encoding="utf-8")
    printed = " ".join(symetrie("run", "--date", "2026-11-20").stdout.split())
    assert "Replaced in clients' words, answers by kind: name in 2, phone in 1" in printed
    assert "Karim" not in printed


def test_a_run_prints_what_was_odd(house: Path, symetrie: Symetrie) -> None:
    """A low mark without words is kept, and said; a filter that finds nothing says what it looked for."""
    (house / "drops" / "first.csv").write_text("id,shop,at,mark,words\nr1,lyon,2026-11-20 10:00,1,\n", encoding="utf-8")
    assert "missing_verbatim_on_low_mark" in symetrie("run", "--date", "2026-11-20").stdout
    assert symetrie("quarantine", "list", "--reason", "nope").stdout == "Nothing is in quarantine of reason nope.\n"


def test_a_held_batch_fails_the_run_until_somebody_decides(house: Path, symetrie: Symetrie) -> None:
    """More bad rows than good ones: the gate stops the batch, `release` lets its good rows in."""
    rows = "".join(f"x{n},{'paris' if n % 3 else 'lyon'},2026-11-20 11:00,4,\n" for n in range(30))
    (house / "drops" / "first.csv").write_text("id,shop,at,mark,words\n" + rows, encoding="utf-8")
    stopped = symetrie("run", "--date", "2026-11-20")
    assert stopped.returncode == 1
    assert "batch held" in stopped.stdout
    assert [int(n) for n in stopped.stdout.split("survey")[1].split()[:6]] == [30, 0, 0, 0, 20, 10]
    status = symetrie("status")
    assert (status.returncode, "held" in status.stdout.split("Mail:")[0]) == (1, True)
    assert "stays held" in symetrie("batch", "list").stdout
    run_id = next(word for word in symetrie("batch", "list").stdout.split() if word.startswith("2"))
    assert "10 answers loaded" in symetrie("batch", "release", run_id, "survey").stdout
    assert symetrie("batch", "list").stdout == "No batch is held.\n"
    assert symetrie("batch", "release", run_id, "survey").returncode == 1


def test_a_discarded_batch_leaves_a_trace_and_no_answer(house: Path, symetrie: Symetrie) -> None:
    """The ledger says discarded; the same file does not come back."""
    rows = "".join(f"x{n},paris,2026-11-20 11:00,4,\n" for n in range(30))
    (house / "drops" / "first.csv").write_text("id,shop,at,mark,words\n" + rows, encoding="utf-8")
    symetrie("run", "--date", "2026-11-20")
    run_id = next(word for word in symetrie("batch", "list").stdout.split() if word.startswith("2"))
    assert symetrie("batch", "discard", run_id, "survey").returncode == 0
    again = symetrie("run", "--date", "2026-11-20")
    assert [int(n) for n in again.stdout.split("survey")[1].split()[:6]] == [0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("run", "--from", "2026-11-20"), "both --from and --to"),
        (("run", "--from", "2026-11-20", "--to", "2026-11-01"), "swap them"),
        (("run", "--source", "nope"), "no source 'nope'"),
        (("summary", "--unit", "Lion"), "lyon"),
        (("summary", "--date", "2999-01-01"), "has not come yet"),
        (("scores", "--window", "3"), "1, 7, 28, 91"),
        (("quarantine", "show", "nope"), "quarantine list"),
        (("config", "check", "--config", "missing.yaml"), "no such file"),
        (("backfill", "--from", "2026-11-01", "--to", "2026-11-02"), "set AIRFLOW_CONN_AIRFLOW"),
        (("backfill", "--from", "2026-11-02", "--to", "2026-11-01"), "swap them"),
    ],
)
def test_what_is_wrong_is_one_line_that_says_what_to_do(
    symetrie: Symetrie, arguments: tuple[str, ...], says: str
) -> None:
    """Exit code 1, no traceback."""
    done = symetrie(*arguments)
    assert done.returncode == 1
    assert says in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_the_installed_command_ends_with_the_same_code_and_line(house: Path) -> None:
    """The entry point of the environment is the one tested here."""
    done = subprocess.run(
        [Path(sys.executable).with_name("symetrie"), "run", "--from", "2026-11-20"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "symetrie: run: give --date, or both --from and --to\n")


def test_the_schema_for_editors_is_json(house: Path, symetrie: Symetrie) -> None:
    """It knows the keys of the settings."""
    assert "sources" in json.loads(symetrie("config", "schema").stdout)["properties"]


def test_status_says_why_a_source_failed_until_it_comes_right(house: Path, symetrie: Symetrie) -> None:
    """The one command of a bad morning has the line that the red task has."""
    settings, mended = house / "symetrie.yaml", (house / "symetrie.yaml").read_text(encoding="utf-8")
    settings.write_text(mended.replace("drops/*.csv", "nowhere/*.csv"), encoding="utf-8")
    (house / "nowhere").write_text("a file in the place of a folder", encoding="utf-8")
    failed = next(line for line in symetrie("run", "--date", "2026-11-20").stdout.splitlines() if "failed: " in line)
    assert failed.removeprefix("failed: ") in symetrie("status").stdout
