"""The index of a day's pages: every unit by its answer, the widest perimeters first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.summary.addresses import page_name
from pipelines.summary.as_html import environment
from pipelines.summary.figures import ChildAnswer, Figures
from pipelines.summary.language import language
from pipelines.summary.page import ChildLine
from pipelines.summary.telling.branches import child_line, count_of_kind
from pipelines.summary.telling.scores import ScoreWords
from pipelines.summary.telling.when import When


@dataclass(frozen=True, slots=True)
class Level:
    """The units of one kind."""

    title: str
    lines: tuple[ChildLine, ...]


def index_html(figures: Iterable[Figures], business_date: date, locale: str, folder: str = "") -> str:
    """The index as one HTML document; its links lead into `folder`, relative to where the index lies."""
    spoken = language(locale)
    words = ScoreWords(spoken)
    when = When(spoken, business_date, business_date + timedelta(days=1))
    template = environment().get_template("index.html")
    return template.render(
        locale=locale,
        title=spoken.say("index.title"),
        day=spoken.say("unit.date", day=spoken.dated(business_date)),
        levels=[
            Level(
                title=count_of_kind(kind, len(members), spoken),
                lines=tuple(child_line(_as_child(each), words, when) for each in members),
            )
            for kind, members in _by_kind(figures).items()
        ],
        link_to=lambda unit_id: f"{folder}{page_name(unit_id, locale)}",
    )


def _by_kind(figures: Iterable[Figures]) -> dict[str, list[Figures]]:
    by_kind: dict[str, list[Figures]] = {}
    for each in sorted(figures, key=lambda each: (-each.unit.site_count, each.unit.name, each.unit.unit_id)):
        by_kind.setdefault(each.unit.kind, []).append(each)
    return {kind: sorted(members, key=lambda each: each.unit.name) for kind, members in by_kind.items()}


def _as_child(figures: Figures) -> ChildAnswer:
    return ChildAnswer(figures.unit.unit_id, figures.unit.name, figures.unit.kind, figures.answer)
