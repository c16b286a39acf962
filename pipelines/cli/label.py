"""`symetrie label`: whether the label's criteria are met, what decides it, and how sure one can be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipelines.cli.mirror import AsOfOption
from pipelines.cli.options import ConfigOption, UnitOption, only_root
from pipelines.cli.screen import console

if TYPE_CHECKING:
    from pipelines.reflection.reading import Reflection
    from pipelines.warehouse.typing import AnyRow

WIDTH = 100
STATES = {
    "met": "met",
    "met_with_margin": "met, with margin: every score is surely above 55%",
    "not_met": "not met",
    None: "cannot be said",
}
SIDES = {"client": "clients", "employee": "teams"}
CHANCES = {0.95: "almost certain", 0.75: "likely", 0.3: "uncertain", 0.1: "unlikely", 0.0: "almost impossible"}
"""What a probability is called, from which one on."""
RULE = "More than 55% on each of the eleven dimensions, with clients and in teams, and more than 70% on the whole."
OWNER = (
    "The label « Équipe heureuse, client heureux » belongs to l'Académie du Service:"
    " whether its criteria are met is said here, no label is awarded."
)


def label(unit: UnitOption = None, as_of: AsOfOption = None, config: ConfigOption = None) -> None:
    """Print whether the label's criteria are met, which score decides it, the means, and how probable it truly is.

    The probability is worked out where the teams' scores are published exactly, of enough people; in a network of more
    than 500 units, for those above the sites alone.

    Example: symetrie label --unit M001
    """
    from pipelines.reflection.reading import read_reflection
    from pipelines.settings import load_settings
    from pipelines.steps import opened

    settings = load_settings(config)
    asked = settings.network.unit(unit or only_root(settings.network.roots))
    with opened(settings) as warehouse, warehouse.reading() as connection:
        found = read_reflection(connection, asked.id, as_of and as_of.date())
    screen = console()
    width = min(WIDTH, screen.width)
    screen.print(f"{asked.name}, criteria of the label up to {found.as_of}", style="bold", markup=False, width=width)
    for line in _told(found):
        screen.print(line, markup=False, width=width)


def _told(found: Reflection) -> Iterator[str]:
    if found.label is None:
        yield f"State: {STATES[None]}. {_why_not(found)}"
    else:
        yield f"State: {STATES[found.label.state]}."
        yield _binding(found, found.label)
        yield _means(found.label)
        yield _chance(found, found.label.probability)
    yield RULE
    yield OWNER


def _why_not(found: Reflection) -> str:
    """Why there is no label: fewer dimensions were asked than judged, or not all of them may be shown."""
    from symetrie.dimensions import DIMENSIONS

    asked = found.publication.dimension_count
    if asked < len(DIMENSIONS):
        return f"The campaign asked teams {asked} of the eleven dimensions, and ten never pass for eleven."
    shown = sum(each.key in found.mirror and found.mirror[each.key].employee_count is not None for each in DIMENSIONS)
    return f"Of the teams' eleven dimensions {shown} may be shown: symetrie mirror says why."


def _binding(found: Reflection, said: AnyRow) -> str:
    """The score that decides, or that leaves the state open, with its figures where there are any."""
    from symetrie.measures import client_measure

    row = found.mirror.get(said.binding_measure)
    score = None if row is None else getattr(row, f"{said.binding_side}_score")
    what = f"{client_measure(said.binding_measure).label('en')}, {SIDES[said.binding_side]}"
    role = "Decided by" if said.state else "Left open by"
    if row is None or score is None:
        return f"{role}: {what}, which is not told."
    low, high = (getattr(row, f"{said.binding_side}_{bound}") for bound in ("low", "high"))
    between = "" if low is None else f", between {low:.1f}% and {high:.1f}%"
    return f"{role}: {what}, {score:.1f}%{between} ({getattr(row, f'{said.binding_side}_count'):,} answers)."


def _means(said: AnyRow) -> str:
    whole, clients, teams = (_mean(said, name) for name in ("mean_pct", "client_mean_pct", "employee_mean_pct"))
    return f"Means: {whole} over both sides, {clients} of clients, {teams} of teams (setting {said.settings_version})."


def _mean(said: AnyRow, name: str) -> str:
    value = getattr(said, name)
    return "unknown" if value is None else f"{value:.1f}%"


def _chance(found: Reflection, probability: float | None) -> str:
    """The probability in words, and as a round number of chances in a hundred."""
    if probability is None:
        floor = found.publication.unanimity_floor
        return (
            "Probability that they truly hold: not worked out. It takes clients, and of the teams"
            f" {floor} answers or more to each dimension, all told exactly;"
            " sites of a network of more than 500 units go without."
        )
    word = next(word for least, word in CHANCES.items() if probability >= least)
    return f"Probability that they truly hold, given who answered: {word}, about {100 * probability:.0f} in 100."
