"""Names that no list knows, by a model: Presidio over a spaCy pipeline, once per distinct text, after all the rest."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import structlog

from pipelines.errors import SymetrieError
from pipelines.redaction.redacting import redacted
from pipelines.redaction.shape import CAPITAL, mark, matches

if TYPE_CHECKING:
    from presidio_analyzer import BatchAnalyzerEngine
    from spacy.language import Language

log = structlog.get_logger(__name__)

BATCH_TEXTS = 1_000
_PERSON = "PERSON"


def build_read_by_model(connection: duckdb.DuckDBPyConnection, model: str) -> None:
    """Make the table `read_by_model` (text, without_names) of the verbatims in which the model finds one more."""
    started, read = time.perf_counter(), 0
    connection.execute("CREATE OR REPLACE TABLE read_by_model (text VARCHAR, without_names VARCHAR)")
    texts = connection.cursor().execute(
        f"""
        SELECT verbatim, redacted
        FROM (SELECT DISTINCT verbatim, {redacted("verbatim")} AS redacted FROM answer_text)
        WHERE {matches("redacted", CAPITAL)}
        """
    )
    while batch := texts.fetchmany(BATCH_TEXTS):
        read += len(batch)
        without_names = names_replaced([known for _, known in batch], model)
        found = [
            (text, without) for (text, known), without in zip(batch, without_names, strict=True) if without != known
        ]
        if found:
            connection.executemany("INSERT INTO read_by_model VALUES (?, ?)", found)
    log.info("names.read_by_model", texts=read, seconds=round(time.perf_counter() - started, 1))


def names_replaced(texts: Sequence[str], model: str) -> Iterator[str]:
    """Give the texts with every person that the model finds replaced."""
    analyzer, language = _analyzer(model)
    found = analyzer.analyze_iterator(texts, language=language, batch_size=BATCH_TEXTS, entities=[_PERSON])
    for text, persons in zip(texts, found, strict=True):
        yield _replaced(text, ((person.start, person.end) for person in persons))


def _replaced(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        if mark("name") not in text[start:end]:
            text = f"{text[:start]}{mark('name')}{text[end:]}"
    return text


@cache
def _analyzer(model: str) -> tuple[BatchAnalyzerEngine, str]:
    """The analyzer of a model with nothing but its persons, and its language; loaded once per process."""
    _check_installed(model)
    from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import SpacyRecognizer

    pipeline = _loaded(model)
    language = str(pipeline.lang)
    engine = SpacyNlpEngine(models=[{"lang_code": language, "model_name": model}])
    engine.nlp = {language: pipeline}  # type: ignore[assignment]  # Presidio types it by its first value, None
    recognizer = SpacyRecognizer(supported_language=language, supported_entities=[_PERSON])
    registry = RecognizerRegistry(recognizers=[recognizer], supported_languages=[language])
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=[language])
    return BatchAnalyzerEngine(analyzer), language


def _check_installed(model: str) -> None:
    """Presidio would download a missing model by itself, in the middle of a run."""
    try:
        import presidio_analyzer  # noqa: F401
        import spacy.util
    except ImportError as error:
        raise SymetrieError(
            "redaction: names: model needs the extra `names`; install symetrie[names], or write names: list"
        ) from error
    if not (spacy.util.is_package(model) or Path(model).exists()):
        raise SymetrieError(
            f"redaction: the spaCy pipeline {model!r} is not installed; install it, name another in "
            "redaction.model, or write names: list"
        )


def _loaded(model: str) -> Language:
    import spacy

    try:
        return spacy.load(model)
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise SymetrieError(f"redaction: {model!r} cannot be read as a spaCy pipeline ({reason})") from error
