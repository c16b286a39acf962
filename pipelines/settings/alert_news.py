"""When no news is news: how much too little or too much is told, and how often that may be false."""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from pipelines.settings.entry import Entry, Key

NewsKind = Literal["source_late", "source_silent", "unit_quiet", "unit_surge", "participation_low"]


class AlertNews(Entry):
    """News of absence: sources that are late or silent, units unusually quiet or busy, clients who no longer answer."""

    kinds: tuple[NewsKind, ...] = Field(
        default=("source_late", "source_silent", "unit_quiet", "unit_surge", "participation_low"),
        description="What is looked for.",
    )
    # The chance of one look follows from it; what comes of it was measured by benchmarks/alerts/news.py on six quiet
    # years of 2,000 sites: 0.0016 a year and site were quiet (95 %: 0.0010 to 0.0025), 0.0015 surged.
    false_per_unit_year: float = Field(
        default=0.002,
        gt=0,
        le=1,
        description="False findings of each kind that are accepted per unit and year: 0.002 are 25 over 12,500 units.",
    )
    quiet_below_pct: float = Field(
        default=50,
        gt=0,
        lt=100,
        description="A unit is quiet when no more than this percent of its usual answers came.",
    )
    surge_above_pct: float = Field(
        default=300, gt=100, description="A unit surges when at least this percent of its usual answers came."
    )
    participation_below_pct: float = Field(
        default=60,
        gt=0,
        lt=100,
        description="Participation is low at no more than this percent of a unit's usual answers per invitation.",
    )
    silent_after_days: int = Field(
        default=2, ge=1, description="A source is silent, not only late, after so many days without an answer."
    )
    never_after_days: int = Field(
        default=3, ge=1, description="A source that has never given any is silent so many days after its first run."
    )
    may_be_silent: tuple[Key, ...] = Field(
        default=(), description="Sources that nobody waits for, as one that is read once."
    )

    def waited_for(self, sources: Iterable[str]) -> list[str]:
        """Give the sources whose silence would be news."""
        return [source for source in sources if source not in self.may_be_silent]
