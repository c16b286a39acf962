"""Events are structured, say whom they are about, and hold no secret and no words of a client."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from pipelines import logs
from pipelines.errors import SymetrieError

log = structlog.get_logger("pipelines.test")


@pytest.fixture
def told() -> Iterator[Callable[..., list[str]]]:
    """What a handler of our own wrote, in a format, line by line."""
    root, stream = logging.getLogger(), io.StringIO()
    level = root.level
    root.setLevel(logging.INFO)
    handler = logging.StreamHandler(stream)
    root.addHandler(handler)

    def lines(format_: str, tell: Callable[[], object]) -> list[str]:
        handler.setFormatter(logs.formatter(format_))
        tell()
        return stream.getvalue().splitlines()

    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def event(told: Any) -> Callable[[Callable[[], object]], dict[str, Any]]:
    """The one event that something tells, as a machine reads it."""

    def read(tell: Callable[[], object]) -> dict[str, Any]:
        (line,) = told("json", tell)
        return dict(json.loads(line))

    return read


def test_a_machine_reads_an_event_and_its_fields(event) -> None:
    said = event(lambda: log.info("page.landed", source="shops", bytes=3))
    assert list(said) == ["timestamp", "level", "event", "source", "bytes"]
    assert (said["level"], said["event"], said["source"], said["bytes"]) == ("info", "page.landed", "shops", 3)


def test_a_person_reads_a_line(told) -> None:
    (line,) = told("text", lambda: log.warning("file.waiting", file="a b.csv", reason="still_changing"))
    assert line.endswith("[warning] file.waiting file='a b.csv' reason=still_changing")


def test_what_a_file_is_called_forges_no_line(told) -> None:
    assert len(told("text", lambda: log.info("page.landed", file="a\nERROR batch.lost"))) == 1


def test_libraries_take_the_same_way(event) -> None:
    said = event(lambda: logging.getLogger("alembic").warning("at %s", "0002"))
    assert (said["event"], said["level"]) == ("at 0002", "warning")


def test_events_inside_a_step_name_run_source_and_day(event) -> None:
    with logs.about(run_id="r1", source="shops", business_date="2026-11-20"):
        said = event(lambda: log.info("batch.judged", rows=1))
    assert {"run_id": "r1", "source": "shops", "business_date": "2026-11-20"}.items() <= said.items()


def test_the_names_end_with_the_step(event) -> None:
    with logs.about(run_id="r1"):
        pass
    assert "run_id" not in event(lambda: log.info("batch.judged"))


SECRETS = {
    "password": {"password": "opensesame"},
    "a name that only ends so": {"client_secret": "opensesame"},
    "inside a mapping": {"options": {"Authorization": "opensesame", "host": "h"}},
    "in a list of mappings": {"tried": [{"api_key": "opensesame"}]},
    "in a URL": {"location": "sftp://shop:opensesame@127.0.0.1/drops"},
    "in a URL, with an @ inside": {"location": "https://shop:open@opensesame@127.0.0.1/drops"},
    "in a query": {"reason": "GET /v1?access_token=opensesame&page=2 failed"},
    "in a header": {"reason": "sent Authorization: Bearer opensesame to the host"},
    "in JSON inside a text": {"reason": '{"token": "opensesame"}'},
    "in the text of an exception": {"error": ValueError("postgresql://u:opensesame@db/x is down")},
    "in bytes": {"body": b"token=opensesame"},
}


@pytest.mark.parametrize("fields", SECRETS.values(), ids=SECRETS)
def test_a_secret_is_hidden_wherever_it_stands(told, fields) -> None:
    (line,) = told("json", lambda: log.info("connection.tried", **fields))
    assert "opensesame" not in line
    assert "***" in line


def test_the_secrets_of_a_connection_are_hidden_in_any_text(told, monkeypatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_SHOP", "sftp://shop:Xk29-plain@127.0.0.1")
    monkeypatch.setenv("AIRFLOW_CONN_BROKEN", "{not json, Zz81-plain")
    (line,) = told("text", lambda: log.info("connection.tried", reason="Xk29-plain and {not json, Zz81-plain"))
    assert "plain" not in line


def test_a_library_s_secret_is_hidden_too(told) -> None:
    (line,) = told("json", lambda: logging.getLogger("urllib3").warning("retrying %s", "https://u:opensesame@host/"))
    assert "opensesame" not in line


def fail() -> None:
    try:
        int("le vendeur " + "mArtin".title())
    except ValueError:
        log.exception("source.failed")


def test_an_exception_is_told_by_its_kind_and_place_not_by_its_words(event) -> None:
    """Engines quote the value that they could not store: it may be what a client wrote."""
    said = event(fail)["exception"]
    assert said.endswith("ValueError")
    assert "test_logs.py" in said
    assert "Martin" not in said


def test_at_level_debug_an_exception_shows_its_words(event) -> None:
    logging.getLogger().setLevel(logging.DEBUG)
    assert "Martin" in event(fail)["exception"]


@pytest.mark.parametrize(
    ("variable", "known"),
    [("SYMETRIE_LOG_LEVEL", "DEBUG, INFO, WARNING, ERROR"), ("SYMETRIE_LOG_FORMAT", "text, json")],
)
def test_a_level_or_format_that_is_none_is_said_so(monkeypatch, variable, known) -> None:
    monkeypatch.setenv(variable, "loud")
    with pytest.raises(SymetrieError, match=f"{variable} is 'loud'; use one of {known}"):
        logs.configure()


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Configure as a new process does; gives the level that is told from."""
    root, level = logging.getLogger(), logging.getLogger().level

    def configure(**options: Any) -> str:
        monkeypatch.setattr(root, "handlers", [])
        logs.configure(**options)
        return logging.getLevelName(root.level)

    yield configure
    root.setLevel(level)


@pytest.mark.parametrize(
    ("level", "verbose", "told_from"),
    [("", False, "WARNING"), ("", True, "INFO"), ("debug", True, "DEBUG"), ("ERROR", False, "ERROR")],
)
def test_the_level_is_that_of_the_environment_or_lower_when_asked(
    configured, monkeypatch, level, verbose, told_from
) -> None:
    monkeypatch.setenv("SYMETRIE_LOG_LEVEL", level)
    assert configured(verbose=verbose) == told_from


def test_where_nobody_watches_a_line_is_json(configured, monkeypatch) -> None:
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    configured()
    log.warning("batch.held", source="shops")
    assert json.loads(stderr.getvalue())["event"] == "batch.held"
