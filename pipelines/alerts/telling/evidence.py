"""What the evidence of an alert holds, read with care: it was written on another day, perhaps by other code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

LONGEST_ADDRESS = 1000
KEPT_IN_ADDRESSES = "!#$%&'*+,/:;=?@~-._"


@dataclass(frozen=True)
class Evidence:
    """The values of an evidence by name, each as what it is asked for, or None."""

    values: Mapping[str, Any]

    def number(self, name: str) -> float | None:
        """A number that is one."""
        value = self.values.get(name)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def count(self, name: str) -> int | None:
        """A number as a whole one."""
        value = self.number(name)
        return None if value is None else round(value)

    def text(self, name: str) -> str:
        """A text, empty where there is none."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def day(self, name: str) -> date | None:
        """A day written YYYY-MM-DD."""
        try:
            return date.fromisoformat(self.text(name)[:10])
        except ValueError:
            return None

    def texts(self, name: str) -> list[str]:
        """A list of texts."""
        value = self.values.get(name)
        return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []

    def parts(self, name: str) -> Iterator[Evidence]:
        """A list of evidences; a text in it stands for one with that `unit_id`."""
        value = self.values.get(name)
        for each in value if isinstance(value, list) else []:
            if isinstance(each, Mapping):
                yield Evidence(each)
            elif isinstance(each, str):
                yield Evidence({"unit_id": each})

    def address(self, name: str) -> str | None:
        """An address that may be linked to, with nothing in it that a channel would read as markup.

        >>> Evidence({"source_url": "https://shop.example/a b(1)"}).address("source_url")
        'https://shop.example/a%20b%281%29'
        >>> Evidence({"source_url": "javascript:alert(1)"}).address("source_url")
        """
        written = self.text(name)
        try:
            parts = urlsplit(written)
        except ValueError:
            return None
        if parts.scheme not in ("http", "https") or not parts.hostname or len(written) > LONGEST_ADDRESS:
            return None
        return quote(written, safe=KEPT_IN_ADDRESSES)
