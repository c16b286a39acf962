"""A message in words and in no form: what a phone shows first, then sections, their groups, and a line per alert."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """An address and the words that stand for it."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Line:
    """One alert: what happened, the numbers behind it, what the client said, and where to go on."""

    text: str
    details: tuple[str, ...] = ()
    quote: str = ""
    links: tuple[Link, ...] = ()
    command: str = ""  # where there is no page to link to


@dataclass(frozen=True, slots=True)
class Group:
    """The alerts of one unit and one kind."""

    title: str
    severity: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The groups of one lane, or those that are over: lanes are never mixed."""

    title: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A whole message in one language; `endings` say what had no room, what else happened and what stands open."""

    locale: str
    headline: str
    introduction: str
    sections: tuple[Section, ...]
    endings: tuple[str, ...]

    @property
    def line_count(self) -> int:
        """How many alerts stand in it."""
        return sum(len(group.lines) for section in self.sections for group in section.groups)
