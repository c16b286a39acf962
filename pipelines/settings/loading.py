"""Reads the settings file and the environment; tells everything that is wrong at once."""

import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from pipelines.settings.document import Document, KeyPath
from pipelines.settings.errors import Place, Problem, Problems, SettingsError
from pipelines.settings.explain import Model, read_entry
from pipelines.settings.file import NetworkBlock, SettingsFile
from pipelines.settings.files_source import FilesSource
from pipelines.settings.kinds import source_model
from pipelines.settings.questionnaires import read_questionnaires, read_scales
from pipelines.settings.reading import read_document
from pipelines.settings.recipients import Locale, Recipient, RecipientEntry
from pipelines.settings.redaction import Redaction
from pipelines.settings.settings import Settings
from pipelines.settings.sources import Source
from pipelines.settings.tree import build_network
from pipelines.settings.units import WrittenUnits, read_units

FILE_NAME = "symetrie.yaml"
# Blocks read entry by entry, so that one wrong entry does not hide what is wrong in the others.
EMPTY_BLOCKS: Mapping[str, Any] = {
    "network": {},
    "sources": [],
    "recipients": [],
    "scales": {},
    "questionnaires": {},
}


def load_settings(path: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Load and check the settings: the given file, else $SYMETRIE_CONFIG, ./symetrie.yaml, or the demo's.

    Raises SettingsError with one line per problem.
    """
    home = house_folder(environment)
    document = read_document(_find(path, home, environment), environment)
    problems = Problems(document.problems)
    frame = _read_frame(document, problems)
    units = _read_units(document, problems)
    network = build_network(units, problems)
    scales = read_scales(document, problems)
    questionnaires = read_questionnaires(document, scales, problems)
    sources = _read_sources(document, units, questionnaires, problems)
    recipients = _read_recipients(document, units, problems)
    url = _url_from_environment(environment, problems)
    if problems or frame is None:
        raise problems.as_error(document.path)
    return Settings(
        path=document.path,
        home=home,
        warehouse_url=url or _warehouse_url(frame, document, home),
        network=network,
        sources=sources,
        questionnaires=questionnaires,
        scales=scales,
        thresholds=frame.thresholds,
        redaction=_with_place(frame.redaction, document),
        retention=frame.retention,
        gate=frame.gate,
        windows=frame.windows,
        recipients=tuple(_with_locale(recipient, frame.locale) for recipient in recipients),
        delivery=frame.delivery,
        locale=frame.locale,
    )


def house_folder(environment: Mapping[str, str]) -> Path:
    """Give the folder of the landing, the pages and the default warehouse: $SYMETRIE_HOME, else .symetrie here."""
    return Path(environment.get("SYMETRIE_HOME") or ".symetrie").expanduser().absolute()


def _url_from_environment(environment: Mapping[str, str], problems: Problems) -> str | None:
    """Give the warehouse's URL from the environment, or from the file of secrets that it names."""
    named = environment.get("SYMETRIE_WAREHOUSE_URL_FILE")
    if environment.get("SYMETRIE_WAREHOUSE_URL") or not named:
        return environment.get("SYMETRIE_WAREHOUSE_URL")
    try:
        return Path(named).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not a text"
        problems.add(Place(Path(named)), f"cannot be read, {reason}; SYMETRIE_WAREHOUSE_URL_FILE names it")
        return None


def _find(path: Path | None, home: Path, environment: Mapping[str, str]) -> Path:
    named = path or environment.get("SYMETRIE_CONFIG")
    if named:
        file = Path(named).absolute()
        if not file.is_file():
            why = "" if path else "; SYMETRIE_CONFIG names it"
            raise SettingsError([Problem(Place(file), f"there is no such file{why}")])
        return file
    candidates = [Path(FILE_NAME).absolute(), home / "demo" / FILE_NAME]
    found = next((file for file in candidates if file.is_file()), None)
    if found is None:
        message = f"there are no settings here, nor in {candidates[1]}; name a file with --config, or run symetrie demo"
        raise SettingsError([Problem(Place(candidates[0]), message)])
    return found


def _read_frame(document: Document, problems: Problems) -> SettingsFile | None:
    frame = dict(document.content)
    for name, empty in EMPTY_BLOCKS.items():
        block = frame.get(name)
        if block is None:
            continue
        frame[name] = empty
        if not isinstance(block, type(empty)):
            shape = "a list of entries, each after a '-'" if isinstance(empty, list) else "keys and values"
            problems.add(document.place((name,)), f"must hold {shape}")
    return read_entry(SettingsFile, frame, document.place, problems)


def _read_units(document: Document, problems: Problems) -> WrittenUnits:
    key: KeyPath = ("network", "units_csv")
    block = {name: value for name, value in document.block("network").items() if name != "units"}
    network = read_entry(NetworkBlock, block, document.at(("network",)), problems)
    csv_file = None
    if network is not None and network.units_csv is not None:
        csv_file = Path(_located(network.units_csv, document, key))
    units = read_units(document, csv_file, problems)
    if "network" in document.content and not units.ids and units.is_complete:
        problems.add(document.place(("network",)), "has no unit; write units, or name a CSV file in units_csv")
    return units


def _located(path: str, document: Document, key: KeyPath) -> str:
    """Take a relative path from the file's folder, or from the working folder where the environment gives it."""
    if "://" in path:
        return path
    from_environment = document.written(key).startswith("${")
    return str((Path.cwd() if from_environment else document.path.parent) / Path(path).expanduser())


def _read_list(
    document: Document, name: str, model_of: Callable[[Any], type[Model]], identity: str, problems: Problems
) -> list[tuple[KeyPath, Model]]:
    """Read a list of entries, each with its own place; an identity stands once."""
    lines: dict[str, int | None] = {}
    entries: list[tuple[KeyPath, Model]] = []
    for index, value in enumerate(document.items(name)):
        key: KeyPath = (name, index)
        place = document.place((*key, identity))
        own = value.get(identity) if isinstance(value, dict) else None
        if isinstance(own, str):
            if own in lines:
                problems.add(place, f"{own!r} also stands on line {lines[own]}; choose another")
            lines.setdefault(own, place.line)
        entry = read_entry(model_of(value), value, document.at(key), problems)
        if entry is not None:
            entries.append((key, entry))
    return entries


def _read_sources(
    document: Document, units: WrittenUnits, questionnaires: Collection[str], problems: Problems
) -> tuple[Source, ...]:
    if document.content.get("sources") == []:
        problems.add(document.place(("sources",)), "has no source; add one, or the answers come from nowhere")
    known = {*questionnaires, *document.block("questionnaires")}
    sources = []
    for key, source in _read_list(document, "sources", source_model, "name", problems):
        if source.questionnaire not in known:
            place = document.place((*key, "questionnaire"))
            problems.add_unknown(place, "questionnaire", source.questionnaire, known)
        for code, unit_id in source.unit_codes.items():
            _check_unit(unit_id, (*key, "unit_codes", code), document, units, problems)
        if isinstance(source, FilesSource):
            path = _located(source.path, document, (*key, "path"))
            source = source.model_copy(update={"path": path})  # noqa: PLW2901
        sources.append(source)
    return tuple(sources)


def _read_recipients(document: Document, units: WrittenUnits, problems: Problems) -> tuple[RecipientEntry, ...]:
    recipients = _read_list(document, "recipients", lambda block: RecipientEntry, "id", problems)
    for key, recipient in recipients:
        _check_unit(recipient.unit, (*key, "unit"), document, units, problems)
    return tuple(recipient for _, recipient in recipients)


def _check_unit(unit_id: str, key: KeyPath, document: Document, units: WrittenUnits, problems: Problems) -> None:
    if units.lacks(unit_id):
        problems.add_unknown(document.place(key), "unit", unit_id, units.ids)


def _with_locale(recipient: RecipientEntry, locale: Locale) -> Recipient:
    return Recipient(**{"locale": locale} | recipient.model_dump(exclude_none=True))


def _with_place(redaction: Redaction, document: Document) -> Redaction:
    """Take a model that is a folder from the file's folder; one that is a name is a package."""
    if os.sep not in redaction.model:
        return redaction
    return redaction.model_copy(update={"model": _located(redaction.model, document, ("redaction", "model"))})


def _warehouse_url(frame: SettingsFile, document: Document, home: Path) -> str:
    if frame.warehouse is None:
        return f"duckdb:///{home / 'warehouse.duckdb'}"
    scheme, slashes, file = frame.warehouse.partition(":///")
    if scheme.startswith("duckdb") and file and not file.startswith(":"):
        return f"{scheme}{slashes}{_located(file, document, ('warehouse',))}"
    return frame.warehouse
