"""Reads the settings file and the environment; tells everything that is wrong at once."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.settings.alert_channels import check_channels
from pipelines.settings.alert_overrides import check_overrides
from pipelines.settings.benchmarks import read_benchmarks
from pipelines.settings.campaigns import read_campaigns
from pipelines.settings.declared import Declared
from pipelines.settings.document import Document, KeyPath
from pipelines.settings.errors import Place, Problem, Problems, SettingsError
from pipelines.settings.explain import read_entry
from pipelines.settings.file import NetworkBlock, SettingsFile
from pipelines.settings.lists import read_list
from pipelines.settings.paths import located, named_file
from pipelines.settings.questionnaires import read_questionnaires, read_scales
from pipelines.settings.reading import read_document
from pipelines.settings.recipients import Locale, Recipient, RecipientEntry
from pipelines.settings.redaction import Redaction
from pipelines.settings.settings import Settings
from pipelines.settings.sides import check_sides
from pipelines.settings.source_list import PlacedSources, read_sources
from pipelines.settings.suggestions import listed
from pipelines.settings.tree import build_network
from pipelines.settings.units import WrittenUnits, read_units
from symetrie.questionnaires import Questionnaire, questionnaire_versions

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
    known_problems = len(problems)
    questionnaires = read_questionnaires(document, scales, problems)
    # Of questionnaires with a mistake nothing more is said: it would follow from the mistake.
    sound = questionnaires if len(problems) == known_problems else {}
    sources = read_sources(document, units, problems)
    declared = _declared(document, units, sound, sources)
    check_sides(sources, document, declared, problems)
    campaigns = read_campaigns(document, declared, problems)
    benchmarks = read_benchmarks(document, problems)
    recipients = _read_recipients(document, units, problems)
    if frame is not None and network.roots:
        has_server = frame.delivery is not None
        check_overrides(frame.alerts, network, document, problems)
        check_channels(frame.alerts, network, has_mail_server=has_server, document=document, problems=problems)
    url = _url_from_environment(environment, problems)
    if problems or frame is None:
        raise problems.as_error(document.path)
    return Settings(
        path=document.path,
        home=home,
        warehouse_url=url or _warehouse_url(frame, document, home),
        network=network,
        sources=tuple(source for _, source in sources),
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
        pulse=frame.pulse,
        campaigns=campaigns,
        benchmarks=benchmarks,
        alerts=frame.alerts,
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
    read = read_entry(SettingsFile, frame, document.place, problems)
    if read is not None and read.pulse.client_days not in read.windows:
        windows = listed(map(str, read.windows))
        message = f"is {read.pulse.client_days}, none of the windows {windows}; write one of them, or add it to windows"
        problems.add(document.place(("pulse", "client_days")), message)
    return read


def _read_units(document: Document, problems: Problems) -> WrittenUnits:
    key: KeyPath = ("network", "units_csv")
    block = {name: value for name, value in document.block("network").items() if name != "units"}
    network = read_entry(NetworkBlock, block, document.at(("network",)), problems)
    csv_file = None if network is None else named_file(network.units_csv, document, key)
    units = read_units(document, csv_file, problems)
    if "network" in document.content and not units.ids and units.is_complete:
        problems.add(document.place(("network",)), "has no unit; write units, or name a CSV file in units_csv")
    return units


def _declared(
    document: Document, units: WrittenUnits, questionnaires: Mapping[str, Questionnaire], sources: PlacedSources
) -> Declared:
    written = [block.get("name") for block in document.items("sources") if isinstance(block, dict)]
    return Declared(
        sources={source.name: source for _, source in sources},
        source_names={name for name in written if isinstance(name, str)},
        questionnaires=questionnaires,
        questionnaire_names={*questionnaire_versions(), *document.block("questionnaires")},
        units=units,
    )


def _read_recipients(document: Document, units: WrittenUnits, problems: Problems) -> tuple[RecipientEntry, ...]:
    recipients = read_list(document, "recipients", lambda block: RecipientEntry, "id", problems)
    for key, recipient in recipients:
        units.check(recipient.unit, document.place((*key, "unit")), problems)
    return tuple(recipient for _, recipient in recipients)


def _with_locale(recipient: RecipientEntry, locale: Locale) -> Recipient:
    return Recipient(**{"locale": locale} | recipient.model_dump(exclude_none=True))


def _with_place(redaction: Redaction, document: Document) -> Redaction:
    """Take a model that is a folder from the file's folder; one that is a name is a package."""
    if os.sep not in redaction.model:
        return redaction
    return redaction.model_copy(update={"model": located(redaction.model, document, ("redaction", "model"))})


def _warehouse_url(frame: SettingsFile, document: Document, home: Path) -> str:
    if frame.warehouse is None:
        return f"duckdb:///{home / 'warehouse.duckdb'}"
    scheme, slashes, file = frame.warehouse.partition(":///")
    if scheme.startswith("duckdb") and file and not file.startswith(":"):
        return f"{scheme}{slashes}{located(file, document, ('warehouse',))}"
    return frame.warehouse
