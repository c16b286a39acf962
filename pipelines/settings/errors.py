"""What is wrong in the settings, all of it at once, one line each."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import SymetrieError
from pipelines.settings.suggestions import pick_from

SHOWN_PROBLEMS = 100
HINTED_PROBLEMS = 20  # the nearest of 12,500 names takes a while to find


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person finds a value: the file, the line (none for a whole file) and the key or column."""

    file: Path
    line: int | None = None
    key: str = ""

    @property
    def file_and_line(self) -> str:
        """The place without its key."""
        return near(self.file) if self.line is None else f"{near(self.file)}:{self.line}"

    def __str__(self) -> str:
        """Write the place as editors and terminals understand it."""
        return f"{self.file_and_line}: {self.key}" if self.key else self.file_and_line


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend."""

    place: Place
    message: str

    def __str__(self) -> str:
        """Write the problem on one line."""
        return f"{self.place}: {self.message}"


class SettingsError(SymetrieError):
    """The settings cannot be used; every problem stands on its own line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep every problem, and show the first hundred."""
        self.problems = tuple(problems)
        lines = [str(problem) for problem in self.problems[:SHOWN_PROBLEMS]]
        if len(self.problems) > SHOWN_PROBLEMS:
            lines.append(f"and {len(self.problems) - SHOWN_PROBLEMS} more problems")
        super().__init__("\n".join(lines))


class Problems:
    """The problems found so far: the first one of each place, since the others follow from it."""

    def __init__(self, found: Iterable[Problem] = ()) -> None:
        """Begin with what the reading of the file has found."""
        self._by_place: dict[Place, Problem] = {}
        for problem in found:
            self.add(problem.place, problem.message)

    def add(self, place: Place, message: str) -> None:
        """Note a problem, unless one is already known at this place."""
        self._by_place.setdefault(place, Problem(place, message))

    def add_unknown(self, place: Place, kind: str, name: str, known: Collection[str]) -> None:
        """Note a name that names nothing, and the nearest one that exists while there are few problems."""
        hint = pick_from(name, known) if len(self) < HINTED_PROBLEMS else ""
        self.add(place, f"there is no {kind} {name!r}{hint}")

    def __len__(self) -> int:
        """Count the problems."""
        return len(self._by_place)

    def as_error(self, settings_file: Path) -> SettingsError:
        """Give all problems as one error in the order of the lines, those of the settings file first."""

        def order(problem: Problem) -> tuple[bool, str, int]:
            place = problem.place
            return place.file != settings_file, str(place.file), place.line or 0

        return SettingsError(sorted(self._by_place.values(), key=order))


def near(file: Path) -> str:
    """Write a path as seen from the working folder where it lies below it."""
    try:
        return str(file.relative_to(Path.cwd()))
    except ValueError:
        return str(file)
