"""The tables and the chart of docs/alerts.md, from results.json."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[2] / "docs"
PAGE, CHART = DOCS / "alerts.md", DOCS / "pictures" / "alerts-found.svg"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
TITLES = {
    "signals": "Signals",
    "fixed": "(a) fixed 7-day threshold",
    "p_chart": "(b) daily p-chart",
    "cusum": "(c) plain CUSUM",
    "cusum_by_volume": "(c) with a threshold per volume",
    "oracle": "(d) oracle",
}
COLOURS = {
    "signals": "#0b6e4f",
    "cusum": "#c46b00",
    "cusum_by_volume": "#8a6bbf",
    "p_chart": "#999999",
    "oracle": "#222222",
}


def write_tables(results: dict[str, Any]) -> None:
    """Put the tables between their marks in the page."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    PAGE.write_text(f"{before}{BEGIN}\n{tables(results)}\n{END}{after}", encoding="utf-8")


def tables(results: dict[str, Any]) -> str:
    """Every table, as Markdown."""
    scenarios, usual = results["scenarios"], results["scenarios"]["usual"]["cells"]
    seeds = "; ".join(f"{name} {each[0]} to {each[-1]}" for name, each in results["seeds"].items())
    parts = [
        f"Seeds: {seeds}. Intervals are at 95 %: over seeds for rates, Wilson's for shares of falls.",
        _rates(scenarios),
        _restless(scenarios["restless"]["truly_lower"]),
    ]
    for points in (10, 20):
        parts.append(f"### Falls of {points} points, usual scenario")
        parts.append(_found(usual, points))
        parts.append(_delays(usual, points))
    parts += ["### Falls of 5 points (no aim)", _small(scenarios["small"]["cells"]["signals"])]
    return "\n\n".join(parts)


def _rates(scenarios: dict[str, Any]) -> str:
    rows = [
        (
            name,
            f"{each['signals_per_year']:.0f}",
            _interval(each["false_per_site_year"], 4),
            _interval(each["redundant_per_site_year"], 4),
            ""
            if name in ("quiet", "restless")
            else _interval({key: 100 * value for key, value in each["false_share"].items()}, 1),
        )
        for name, each in scenarios.items()
    ]
    return _table(
        (
            "Scenario",
            "New signals a year",
            "False per site and year",
            "Of a fall above, per site and year",
            "False among new, %",
        ),
        rows,
    )


def _restless(truly_lower: dict[Any, dict[str, float]]) -> str:
    """What the signals of the restless scenario are of."""
    lower, much_lower = (_percent(each, 0) for each in truly_lower.values())
    return (
        f"Of the *restless* signals of sites, {lower} % are of one whose true level was lower in the fortnight before"
        f" than it had been months before, and {much_lower} % of one that was lower by 3 points or more."
    )


def _percent(share: dict[str, float], digits: int) -> str:
    return _interval({key: 100 * value for key, value in share.items()}, digits)


def _interval(rate: dict[str, float], digits: int) -> str:
    return f"{rate['mean']:.{digits}f} [{rate['low']:.{digits}f}, {rate['high']:.{digits}f}]"


def _found(cells: dict[str, Any], points: int) -> str:
    """Share found within 7, 14, 28 and 91 days, a row per volume."""
    names = ("signals", "fixed", "p_chart", "cusum", "cusum_by_volume", f"oracle_{points}")
    header = ("Answers a day", "Falls", *(TITLES[name.removesuffix(f"_{points}")] for name in names))
    by_name = {name: _of(cells[name], points) for name in names}
    rows = []
    for position, cell in enumerate(by_name["signals"]):
        shares = [
            " / ".join(f"{by_name[name][position]['found'][day][0]:.0f}" for day in (7, 14, 28, 91)) for name in names
        ]
        rows.append((f"{cell['volume']:g}", f"{cell['falls']}", *shares))
    return "Percent found within 7 / 14 / 28 / 91 days:\n\n" + _table(header, rows)


def _delays(cells: dict[str, Any], points: int) -> str:
    """Medians in days and answers beside the oracle's."""
    ours, oracle = _of(cells["signals"], points), _of(cells[f"oracle_{points}"], points)
    rows = []
    for mine, best in zip(ours, oracle, strict=True):
        both = mine["median_answers"] is not None and best["median_answers"] is not None
        ratio = f"{mine['median_answers'] / best['median_answers']:.2f}" if both else ""
        low, high = (mine["found"][28][at] * 100 for at in (1, 2))
        rows.append(
            (
                f"{mine['volume']:g}",
                f"{mine['found'][28][0]:.0f} [{low:.0f}, {high:.0f}]",
                _or_none(mine["median_days"]),
                _or_none(best["median_days"]),
                _or_none(mine["median_answers"]),
                _or_none(best["median_answers"]),
                ratio,
            )
        )
    header = (
        "Answers a day",
        "Found within 28 days, %",
        "Median days",
        "Oracle's",
        "Median answers",
        "Oracle's",
        "Times the oracle's answers",
    )
    return _table(header, rows)


def _small(cells: list[dict[str, Any]]) -> str:
    rows = [
        (
            f"{cell['volume']:g}",
            f"{cell['falls']}",
            " / ".join(f"{cell['found'][day][0]:.0f}" for day in (7, 14, 28, 91)),
        )
        for cell in cells
    ]
    return _table(("Answers a day", "Falls", "Percent found within 7 / 14 / 28 / 91 days"), rows)


def _of(cells: Iterable[dict[str, Any]], points: int) -> list[dict[str, Any]]:
    return [cell for cell in cells if cell["points"] == points]


def _or_none(value: float | None) -> str:
    return "more than half not found" if value is None else f"{value:.0f}"


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    header = list(header)
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def write_chart(results: dict[str, Any]) -> None:
    """Draw how many falls of ten and of twenty points are found within 28 days, by volume."""
    cells = results["scenarios"]["usual"]["cells"]
    panels = "".join(_panel(cells, points, 70 + 390 * at) for at, points in enumerate((10, 20)))
    legend = "".join(
        f'<g transform="translate({70 + 160 * at},318)"><rect width="14" height="4" y="-4" fill="{COLOURS[name]}"/>'
        f'<text x="20">{title}</text></g>'
        for at, (name, title) in enumerate(_legend())
    )
    words = "Percent of falls found within 28 days, by answers a day: signals, plain CUSUM, p-chart and oracle."
    CHART.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 340" role="img" aria-label="{words}" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="#222"><rect width="860" height="340" fill="#fff"/>'
        f"{panels}{legend}</svg>\n",
        encoding="utf-8",
    )


def _legend() -> list[tuple[str, str]]:
    return [
        ("signals", "Signals"),
        ("oracle", "Oracle"),
        ("cusum_by_volume", "CUSUM, by volume"),
        ("cusum", "Plain CUSUM"),
        ("p_chart", "p-chart"),
    ]


def _panel(cells: dict[str, Any], points: int, left: int) -> str:
    volumes = [cell["volume"] for cell in _of(cells["signals"], points)]
    x = [left + 52 * at for at in range(len(volumes))]
    marks = "".join(
        f'<text x="{at}" y="270" text-anchor="middle">{volume:g}</text>' for at, volume in zip(x, volumes, strict=True)
    )
    grid = "".join(
        f'<line x1="{left - 10}" x2="{x[-1] + 10}" y1="{250 - 2 * at}" y2="{250 - 2 * at}" stroke="#ddd"/>'
        f'<text x="{left - 16}" y="{254 - 2 * at}" text-anchor="end">{at}</text>'
        for at in (0, 25, 50, 75, 100)
    )
    lines = "".join(_line(cells, name, points, x) for name, _ in reversed(_legend()))
    return (
        f'<text x="{left}" y="24" font-weight="600">A fall of {points} points: percent found within 28 days</text>'
        f'{grid}{marks}<text x="{(x[0] + x[-1]) / 2}" y="290" text-anchor="middle">answers a day</text>{lines}'
    )


def _line(cells: dict[str, Any], name: str, points: int, x: list[int]) -> str:
    found = [cell["found"][28][0] for cell in _of(cells[f"oracle_{points}" if name == "oracle" else name], points)]
    path = " ".join(f"{at},{250 - 2 * share:.1f}" for at, share in zip(x, found, strict=True))
    width, dash = ("4", "") if name == "signals" else ("2", ' stroke-dasharray="5 4"' if name == "oracle" else "")
    return f'<polyline points="{path}" fill="none" stroke="{COLOURS[name]}" stroke-width="{width}"{dash}/>'
