"""What fixes a demo for ever: its seed, its first day and its size."""

import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from pipelines.errors import SymetrieError

FILE_NAME = "demo.json"
DEFAULT_SEED = 20261
DEFAULT_SITES = 30
DEFAULT_ANSWERS_PER_DAY = 900


@dataclass(frozen=True)
class Plan:
    """Everything that a day's content depends on, beside the day itself."""

    seed: int
    anchor: date
    sites: int
    answers_per_day: int

    def random(self, *key: int) -> np.random.Generator:
        """Give the stream of random numbers of one subject, always the same for the same key."""
        return np.random.default_rng([self.seed, self.sites, self.answers_per_day, *key])

    def day(self, number: int) -> date:
        """Give the day that comes so many days after the first one."""
        return self.anchor + timedelta(days=number)

    def save(self, folder: Path) -> None:
        """Write the plan beside the demo that it describes."""
        text = json.dumps(asdict(self) | {"anchor": self.anchor.isoformat()}, indent=2)
        (folder / FILE_NAME).write_text(text + "\n", encoding="utf-8")


def read_plan(folder: Path) -> Plan | None:
    """Read the plan of a demo, or None where there is no demo yet."""
    path = folder / FILE_NAME
    if not path.exists():
        return None
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Plan(**(kept | {"anchor": date.fromisoformat(kept["anchor"])}))
    except (ValueError, KeyError, TypeError) as error:
        raise SymetrieError(f"{path} is damaged ({error}): delete {folder} and make the demo again") from error


def first_plan(until: date, days: int, sites: int | None, answers_per_day: int | None, seed: int | None) -> Plan:
    """Fix the plan of a new demo, whose last business date is `until`."""
    if days < 1:
        raise SymetrieError(f"a demo needs one day at least, not {days}")
    return Plan(
        seed=DEFAULT_SEED if seed is None else seed,
        anchor=until - timedelta(days=days - 1),
        sites=_not_negative("sites", DEFAULT_SITES if sites is None else sites),
        answers_per_day=_not_negative(
            "answers_per_day", DEFAULT_ANSWERS_PER_DAY if answers_per_day is None else answers_per_day
        ),
    )


def check_same(plan: Plan, folder: Path, **asked: int | None) -> None:
    """Refuse to extend a demo with another seed or size than it was made with."""
    for name, value in asked.items():
        if value is not None and value != getattr(plan, name):
            raise SymetrieError(
                f"the demo in {folder} was made with {name}={getattr(plan, name)}, not {value}: "
                f"leave {name} out to extend it, or choose another folder"
            )


def _not_negative(name: str, value: int) -> int:
    if value < 0:
        raise SymetrieError(f"{name} of a demo cannot be negative, as {value} is")
    return value
