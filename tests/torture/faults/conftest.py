"""One morning of one small shop, run by `symetrie run` in a process of its own, and what may befall it."""

from __future__ import annotations

import importlib
import json
import logging
import os
import resource
import sys
import traceback
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from pipelines import cli
from pipelines.errors import SymetrieError
from pipelines.landing import landed_pages
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.tables import METADATA

DAY, SOURCE, SECRET = date(2026, 11, 20), "till", "s3cret"
GOOD, BAD = 30, 2
COUNTS = {
    "received": GOOD + BAD, "loaded": GOOD, "unchanged": 0, "superseded": 0, "quarantined": BAD, "held": 0,
}  # fmt: skip

Fault = Callable[[], object]


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and what a person read."""

    exit_code: int
    text: str


@pytest.fixture(scope="session", autouse=True)
def _warm() -> None:
    """Import once, in the parent of all forks, what every run imports."""
    import great_expectations
    import pandas as pd

    import pipelines.cli.app
    import pipelines.run
    import pipelines.summary
    import pipelines.validation

    assert all((great_expectations, pd, pipelines.cli.app, pipelines.run, pipelines.summary, pipelines.validation))


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A day of one source, two records of which are refused."""
    folder = tmp_path_factory.mktemp("morning")
    rows = [
        f"r{number},{'lyon' if number < GOOD else 'nowhere'},{DAY} 10:{number:02d},{1 + number % 5}"
        for number in range(GOOD + BAD)
    ]
    (folder / "drops").mkdir()
    text = "\n".join(["id,shop,at,mark", *rows, ""])
    (folder / "drops" / f"answers_{DAY}.csv").write_text(text, encoding="utf-16")  # what needs a working copy
    config = folder / "symetrie.yaml"
    config.write_text(yaml.safe_dump(_settings()), encoding="utf-8")
    return config


def _settings() -> dict[str, Any]:
    shop = {"kind": "site", "timezone": "Europe/Paris"}
    return {
        "network": {"units": [{"id": "lyon", "name": "Lyon", **shop}]},
        "sources": [
            {
                "name": SOURCE,
                "path": "drops/*.csv",
                "questionnaire": "desk",
                "settle_seconds": 0,
                "fields": {"response_id": "id", "unit_id": "shop", "submitted_at": "at"},
            }
        ],
        "questionnaires": {"desk": {"overall": {"field": "mark", "scale": "one_to_five"}}},
        "recipients": [{"id": "claire", "name": "Claire", "unit": "lyon", "locale": "fr"}],
    }


def _in_child(work: Callable[[int], None]) -> Outcome:
    """Do something in a fork that is given what to write to: a pipe, since a full disk takes no file."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        work(writing)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as said:
        text = said.read()
    return Outcome(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), text)


@pytest.fixture
def symetrie() -> Callable[..., Outcome]:
    """Run a command of `symetrie` on a house, in a process of its own; `before` is done there first."""

    def run(house: Any, *arguments: str, url: str = "", before: Fault = lambda: None) -> Outcome:
        return _in_child(lambda output: _become(house, arguments, url or house.url, output, before))

    return run


def _become(
    house: Any, arguments: tuple[str, ...], url: str, output: int, before: Fault, main: Fault = cli.main
) -> None:
    """Be the command, to the end of this process."""
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", buffering=1) for number in (1, 2))
    os.environ |= {"SYMETRIE_HOME": str(house.home), "SYMETRIE_WAREHOUSE_URL": url, "COLUMNS": "1000"}
    logging.getLogger().handlers.clear()  # those of pytest
    sys.argv = ["symetrie", *arguments, "--config", str(house.config)]
    code: object = 1
    try:
        before()
        main()
        code = 0
    except SystemExit as left:
        code = left.code
        if isinstance(code, str):
            print(code, file=sys.stderr)
    except BaseException:  # noqa: BLE001  (what no person should read)
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)


@pytest.fixture
def run_day(symetrie: Callable[..., Outcome]) -> Callable[..., Outcome]:
    """Run the day of a house."""

    def run(house: Any, **given: Any) -> Outcome:
        return symetrie(house, "run", "--date", str(DAY), **given)

    return run


@pytest.fixture
def write_summaries() -> Callable[..., Outcome]:
    """Write the summaries of the day, as the DAG does, with an end as the command line gives it."""

    def write(house: Any, before: Fault = lambda: None) -> Outcome:
        def main() -> None:
            from pipelines.settings import load_settings
            from pipelines.steps import write_summaries

            try:
                write_summaries(load_settings(house.config), DAY)
            except SymetrieError as error:
                sys.exit(f"symetrie: {error}")

        return _in_child(lambda output: _become(house, (), house.url, output, before, main))

    return write


@pytest.fixture
def strike() -> Callable[..., Fault]:
    """Let a fault come whenever a run calls a function, and go, where it can, when the function ends."""

    def prepare(function: str, fault: Fault, relief: Fault = lambda: None) -> Fault:
        return lambda: _strike(function, fault, relief)

    return prepare


def _strike(function: str, fault: Fault, relief: Fault) -> None:
    place, _, name = function.rpartition(".")
    module, _, owner = place.partition(":")
    holder: Any = importlib.import_module(module)
    holder = getattr(holder, owner) if owner else holder
    called = getattr(holder, name)

    @wraps(called)
    def struck(*args: Any, **kwargs: Any) -> Any:
        fault()
        try:
            return called(*args, **kwargs)
        finally:
            relief()

    setattr(holder, name, struck)


@pytest.fixture
def full_disk() -> tuple[Fault, Fault]:
    """The system refuses this process every write to a file, as on a full disk, whoever asks; and takes that back."""

    def allow(size: int) -> Fault:
        return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    return allow(0), allow(resource.RLIM_INFINITY)


@pytest.fixture
def seen() -> Callable[[Any], dict[str, Any]]:
    """What anybody finds in a house: its warehouse, its ledger, its landing; read in a process of its own."""

    def see(house: Any) -> dict[str, Any]:
        found = _in_child(lambda output: _write(output, lambda: house.told() | _ledger(house) | _landing(house)))
        return dict(json.loads(found.text))

    return see


def _write(output: int, look: Callable[[], object]) -> None:
    with os.fdopen(output, "w", encoding="utf-8") as file:
        try:
            json.dump(look(), file, default=str)
        except BaseException:  # noqa: BLE001  (the parent finds no JSON)
            traceback.print_exc()
            os._exit(1)


def _ledger(house: Any) -> dict[str, Any]:
    ledger = METADATA.tables["ops.run"].c
    with closing(open_warehouse(house.url, house.home)) as warehouse, warehouse.reading() as connection:
        runs = connection.execute(sa.select(*ledger).where(ledger.pipeline == "client_feedback")).all()
    return {
        "counts": {name: sum(getattr(run, f"{name}_count") for run in runs) for name in COUNTS},
        "watermark": max((run.watermark_at for run in runs if run.watermark_at), default=None),
        "failures": sorted(run.detail for run in runs if run.status == "failed"),
    }


def _landing(house: Any) -> dict[str, Any]:
    """The pages that count, and any other file that stands beside them."""
    folder = house.home / "landing" / SOURCE
    pages = landed_pages(house.home, SOURCE)
    known = {file for page in pages for file in (page.path, page.path.parent / f"{page.content_hash}.json")}
    files = {file for file in folder.rglob("*") if file.is_file() and file.name != ".lock"}
    return {"pages": sorted(page.content_hash for page in pages), "strays": sorted(map(str, files ^ known))}


@pytest.fixture
def undisturbed(new_house: Callable[[], Any], run_day: Any, seen: Any, request: pytest.FixtureRequest) -> Any:
    """What is seen where nothing ever happened, once per engine."""
    known = request.config.stash.setdefault(_UNDISTURBED, {})
    house = new_house()
    engine = house.url.partition(":")[0]
    if engine not in known:
        ended = run_day(house)
        assert ended.exit_code == 0, ended.text
        known[engine] = seen(house)
        assert known[engine]["counts"] == COUNTS
    return known[engine]


@pytest.fixture
def heals(undisturbed: Any, run_day: Any, seen: Any) -> Callable[[Any], None]:
    """The fault is gone: one run later, nothing but the rows of failed runs tells that it ever came."""

    def check(house: Any) -> None:
        ended = run_day(house)
        assert ended.exit_code == 0, ended.text
        assert seen(house) | {"failures": []} == undisturbed

    return check


@pytest.fixture
def one_line() -> Callable[[Outcome], str]:
    """The one line that a command which failed has said, whatever it showed beside."""

    def read(ended: Outcome) -> str:
        assert ended.exit_code == 1, ended.text
        assert "Traceback" not in ended.text
        [line] = [each for each in ended.text.splitlines() if each.startswith(("symetrie: ", "failed: "))]
        assert "run again" in line
        assert SECRET not in ended.text
        return line

    return read


_UNDISTURBED = pytest.StashKey[dict[str, Any]]()
