"""Structured events: a name and fields, as a line for a person who watches and as JSON for a machine."""

from __future__ import annotations

import logging
import os
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, ExcInfo, Processor

from pipelines.connections import HIDDEN, hide_known_secrets
from pipelines.errors import SymetrieError

LEVEL, FORMAT = "SYMETRIE_LOG_LEVEL", "SYMETRIE_LOG_FORMAT"
LEVELS, FORMATS = ("DEBUG", "INFO", "WARNING", "ERROR"), ("text", "json")

SECRET_NAME = re.compile(
    r"passw|passphrase|secret|token|credential|authorization|api_?key|private_?key|cookie", re.IGNORECASE
)
SECRET_IN_TEXT = (
    re.compile(r"(://[^/\s:@]*:)[^/\s]+(@)"),  # a URL with its password
    re.compile(r"(\b(?:bearer|basic)\s+)[\w.~+/=-]{6,}()", re.IGNORECASE),
    re.compile(r"([\w-]*(?:passw\w*|secret|token|api_?key)[\w-]*['\"]?\s*[=:]\s*['\"]?)[^\s&'\",;]+()", re.IGNORECASE),
)


def configure(*, verbose: bool = False) -> None:
    """Send the events of this process to stderr; under Airflow there is no need, it takes them as they are."""
    through_stdlib()
    handler = logging.StreamHandler()
    handler.addFilter(_is_worth_telling)
    handler.setFormatter(formatter(_chosen(FORMAT, FORMATS, "text" if sys.stderr.isatty() else "json"), sys.stderr))
    level = logging.getLevelNamesMapping()[_chosen(LEVEL, LEVELS, "WARNING")]
    logging.basicConfig(level=min(level, logging.INFO) if verbose else level, handlers=[handler])


def through_stdlib() -> None:
    """Hand our events to the standard library's logging, so that they and those of libraries take one way."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_shared(), ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def formatter(format_: str, stream: TextIO | None = None) -> logging.Formatter:
    """Write a record as text or as a line of JSON."""
    text = structlog.dev.ConsoleRenderer(
        colors=stream is not None and stream.isatty(), pad_event_to=0, pad_level=False, sort_keys=False
    )
    json = (_in_reading_order, structlog.processors.JSONRenderer(default=str, ensure_ascii=False))
    renderers: tuple[Processor, ...] = json if format_ == "json" else (text,)
    return ProcessorFormatter(
        foreign_pre_chain=_shared(), processors=[ProcessorFormatter.remove_processors_meta, *renderers]
    )


@contextmanager
def about(
    *, run_id: str | None = None, source: str | None = None, business_date: date | str | None = None
) -> Iterator[None]:
    """Name the run, the source and the day in every event of a `with` block."""
    given = {"run_id": run_id, "source": source, "business_date": business_date}
    with structlog.contextvars.bound_contextvars(**{name: str(value) for name, value in given.items() if value}):
        yield


def hide_secrets(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Blank out what is called a secret, what looks like one, and every secret of the environment's connections."""
    return {name: _hidden(name, value) for name, value in event.items()}


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_where_it_happened),
        hide_secrets,
    ]


def _in_reading_order(_logger: object, _method: str, event: EventDict) -> EventDict:
    return {name: event.pop(name) for name in ("timestamp", "level", "event")} | dict(event)


def _hidden(name: str, value: object) -> object:
    if SECRET_NAME.search(name):
        return HIDDEN
    if isinstance(value, Mapping):
        return {str(key): _hidden(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_hidden("", inner) for inner in value]
    return value if value is None or isinstance(value, bool | int | float) else _hidden_text(str(value))


def _hidden_text(text: str) -> str:
    for secret in SECRET_IN_TEXT:
        text = secret.sub(rf"\g<1>{HIDDEN}\g<2>", text)
    return hide_known_secrets(text)


def _where_it_happened(exc_info: ExcInfo) -> str:
    """Write the stack of an exception without its message, which may quote what a client wrote; DEBUG shows it."""
    _, error, _ = exc_info
    if logging.getLogger().isEnabledFor(logging.DEBUG):
        return "".join(traceback.format_exception(error)).rstrip()
    return "".join([*traceback.format_tb(error.__traceback__), type(error).__qualname__])


def _chosen(variable: str, known: tuple[str, ...], default: str) -> str:
    written = os.environ.get(variable) or default
    chosen = next((name for name in known if name.casefold() == written.casefold()), None)
    if chosen is None:
        raise SymetrieError(f"{variable} is {written!r}; use one of {', '.join(known)}")
    return chosen


def _is_worth_telling(record: logging.LogRecord) -> bool:
    """Great Expectations tells its housekeeping as INFO, whatever level it is asked for."""
    return record.levelno >= logging.WARNING or not record.name.startswith("great_expectations")
