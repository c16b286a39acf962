"""A network in a CSV file, as a spreadsheet saves it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipelines.settings import Settings, load_settings

Load = Callable[..., Settings]
Lines = Callable[..., list[str]]
Write = Callable[..., Path]

FROM_CSV = "network:\n  units_csv: units.csv\n"
TREE = "id,parent,timezone,open_on\ntop,,Europe/Paris,mon-sat\nmetz,top,,\n"


def test_a_csv_file_makes_the_same_network_as_the_same_units_inline(load: Load) -> None:
    inline = (
        "network:\n  units:\n    - {id: top, timezone: Europe/Paris, open_on: mon-sat}\n    - {id: metz, parent: top}\n"
    )
    assert load(FROM_CSV, units=TREE).network == load(inline).network


def test_semicolons_french_accents_and_a_byte_order_mark_are_understood(write: Write, tmp_path: Path) -> None:
    file = write(FROM_CSV)
    content = "ID;Name;Parent;Timezone\ntop;Réseau;;Europe/Paris\n0012;Évry;top;\n;;;\n"
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        (tmp_path / "units.csv").write_text(content, encoding=encoding)
        units = load_settings(file, {}).network
        assert [(unit.id, unit.name) for unit in units.units] == [("top", "Réseau"), ("0012", "Évry")]


def test_the_upper_units_may_stand_inline_and_the_sites_in_the_csv_file(load: Load) -> None:
    text = FROM_CSV + "  units:\n    - {id: top, timezone: Europe/Paris}\n"
    assert load(text, units="id,parent\nmetz,top\n").network.unit("metz").timezone == "Europe/Paris"


def test_a_mistake_is_told_with_its_file_line_and_column(problems: Lines) -> None:
    rows = [
        "id,name,parent,timezone,valid_from",
        "top,,,Europe/Paris,",
        '"a","two',
        'lines",top,,',
        "b,,topp,,",
        "c,,top,Europe/Pari,31/12/2025",
        "d,,top",
        "b,,top,,",
        ",nobody,top,,",
    ]
    assert problems(FROM_CSV, units="\n".join(rows)) == [
        "units.csv:5: parent: there is no unit 'topp'; did you mean 'top'?",
        "units.csv:6: timezone: 'Europe/Pari' is not a time zone; did you mean 'Europe/Paris'?",
        "units.csv:6: valid_from: must be a day written YYYY-MM-DD, as 2026-01-31",
        "units.csv:7: has 3 cells where the first line names 5 columns",
        (
            "units.csv:8: valid_from: unit 'b' also stands at units.csv:5, always;"
            " let one version end before the next begins, or choose another id"
        ),
        "units.csv:9: id: is missing; add it (identifier of the unit, for ever; once per version)",
    ]


def test_unknown_columns_are_told_before_the_rows(problems: Lines) -> None:
    assert problems(FROM_CSV, units="code,name,nmae,name\na,b,c,d\n") == [
        (
            "units.csv:1: code: is not a known column; known: closed_dates, id, kind, name, open_on, operated_by, "
            "organisation, parent, partition, sector, timezone, valid_from, valid_to"
        ),
        "units.csv:1: name: stands twice; keep one column",
        "units.csv:1: nmae: is not a known column; did you mean 'name'?",
        "units.csv:1: id: is missing; the first line names the columns, one of them is id",
    ]


def test_a_missing_or_broken_file_is_told_once_and_hides_nothing_else(problems: Lines) -> None:
    text = FROM_CSV + "recipients:\n  - {id: Anne, name: Anne, unit: metz}\n"
    key = "must be made of lower-case letters, digits, '-', '_' and '.', and begin with one of the first two"
    assert problems(text) == [
        "symetrie.yaml:2: network.units_csv: units.csv cannot be read: No such file or directory",
        f"symetrie.yaml:4: recipients[0].id: {key}",
    ]
    assert problems(text, units='id,parent\n"top,\n') == [
        f"symetrie.yaml:4: recipients[0].id: {key}",
        "units.csv:2: is not valid CSV: unexpected end of data; look at the quotes",
    ]
