"""A language: its sentences, read from `locales/`, and how it writes numbers and dates."""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from pipelines.errors import SymetrieError

LOCALES = Path(__file__).parent / "locales"
MINUS = "\N{MINUS SIGN}"


def locales() -> tuple[str, ...]:
    """The languages that summaries are written in."""
    return tuple(sorted(file.stem for file in LOCALES.glob("*.toml")))


@functools.cache
def language(locale: str) -> Language:
    """The language of a locale."""
    if locale not in locales():
        raise SymetrieError(f"locale {locale}: not a language of the summaries; use {' or '.join(locales())}")
    tables = tomllib.loads((LOCALES / f"{locale}.toml").read_text(encoding="utf-8"))
    grammar, calendar = tables.pop("grammar"), tables.pop("calendar")
    texts = {key: _typeset(text, grammar["typography"]) for key, text in _flat(tables).items()}
    grammar["percent"] = _typeset(grammar["percent"], grammar["typography"])
    return Language(locale, texts, grammar, calendar)


def _flat(tables: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tables.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return flat


def _typeset(text: str, typography: Mapping[str, str]) -> str:
    for plain, typeset in typography.items():
        text = text.replace(plain, typeset)
    return text


@dataclass(frozen=True)
class Language:
    """The sentences of one language by dotted key, and the writing of its numbers and dates."""

    locale: str
    texts: Mapping[str, str]
    grammar: Mapping[str, Any]
    calendar: Mapping[str, Any]

    def say(self, key: str, **values: object) -> str:
        """The sentence of a key, its blanks filled."""
        return self.texts[key].format(**values)

    def say_or(self, key: str, default: str) -> str:
        """The text of a key, or the default where the language has no word of its own for it."""
        return self.texts.get(key, default)

    def count(self, key: str, count: int, **values: object) -> str:
        """The sentence that agrees with a count: its `none` for zero where there is one, its `one` or its `other`."""
        form = "none" if count == 0 and f"{key}.none" in self.texts else self._form(count)
        return self.say(f"{key}.{form}", number=self.number(count), **values)

    def _form(self, quantity: float) -> str:
        singular = self.grammar["singular_from"] <= abs(quantity) < self.grammar["singular_below"]
        return "one" if singular else "other"

    def number(self, value: float, digits: int = 0) -> str:
        """A number with its separators: 1 234,5 or 1,234.5."""
        rounded = _rounded(value, digits)
        whole, _, decimals = f"{abs(rounded):,.{digits}f}".partition(".")
        written = whole.replace(",", self.grammar["thousands"])
        if decimals:
            written += self.grammar["decimal"] + decimals
        return MINUS + written if rounded < 0 else written

    def percent(self, value: float, line: float | None = None) -> str:
        """A percentage: 72 % or 72%; as many digits as it takes not to look equal to the line it is held against."""
        return str(self.grammar["percent"]).format(number=self.number(value, _digits_off(value, line)))

    def signed(self, value: float, line: float | None = None) -> str:
        """A number of points with its sign: +12, −4 or 0."""
        digits = _digits_off(value, line)
        return ("+" if _rounded(value, digits) > 0 else "") + self.number(value, digits)

    def points(self, value: float, *, with_sign: bool = True) -> str:
        """A change in words: +6 points; a change that is not nil is never written as 0."""
        digits = _digits_off(value, 0.0)
        number = self.signed(value, 0.0) if with_sign else self.number(abs(value), digits)
        return self.say(f"change.points.{self._form(_rounded(value, digits))}", number=number)

    def day(self, day: date) -> str:
        """A day as people say it: vendredi 20 novembre."""
        return self._dated("day", day)

    def dated(self, day: date) -> str:
        """A day with its year: vendredi 20 novembre 2026."""
        return self._dated("dated", day)

    def short(self, day: date) -> str:
        """A day without its weekday: 20 novembre."""
        return self._dated("short", day)

    def until(self, first: date, last: date) -> str:
        """A day said just before another one: 18 before 19 novembre, else 30 octobre."""
        same_month = (first.year, first.month) == (last.year, last.month)
        return self._number_of(first) if same_month else self.short(first)

    def span(self, first: date, last: date) -> str:
        """From one day to another: du 14 au 20 novembre; the first has its year where the last has another."""
        same_month = (first.year, first.month) == (last.year, last.month)
        start = self._number_of(first) if same_month else self._dated("short", first)
        if first.year != last.year:
            start = f"{start}\u00a0{first.year}"
        return str(self.calendar["span"]).format(first=start, last=self._dated("short", last))

    def time(self, moment: time) -> str:
        """A time of day: 18 h 42 or 18:42."""
        return str(self.calendar["time"]).format(hour=moment.hour, minute=moment.minute)

    def _dated(self, form: str, day: date) -> str:
        return str(self.calendar[form]).format(
            weekday=self.calendar["days"][day.weekday()],
            number=self._number_of(day),
            month=self.calendar["months"][day.month - 1],
            year=day.year,
        )

    def _number_of(self, day: date) -> str:
        return str(self.calendar["first"]) if day.day == 1 else str(day.day)


def _rounded(value: float, digits: int) -> float:
    """Half away from zero, as people round."""
    scale = 10.0**digits
    return math.copysign(math.floor(abs(value) * scale + 0.5) / scale, value) + 0.0


def _digits_off(value: float, line: float | None, most: int = 2) -> int:
    """The fewest digits that keep a value from reading as the line when it is not on it."""
    if line is None or value == line:
        return 0
    return next((digits for digits in range(most) if _rounded(value, digits) != line), most)
