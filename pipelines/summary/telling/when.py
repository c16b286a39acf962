"""How a day and a window are named, to someone who reads the next morning or on another day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.summary.language import Language
from symetrie.windows import window


@dataclass(frozen=True)
class When:
    """The business date, as its reader calls it: yesterday only to those who read the next morning."""

    language: Language
    business_date: date
    read_on: date

    @property
    def is_yesterday(self) -> bool:
        """Whether the reader may call the business date yesterday."""
        return self.read_on == self.business_date + timedelta(days=1)

    def that_day(self) -> str:
        """The business date: hier, or le vendredi 20 novembre."""
        if self.is_yesterday:
            return self.language.say("answer.when.yesterday")
        return self.language.say("answer.when.day", day=self.language.day(self.business_date))

    def over(self, days: int) -> str:
        """A window that ends on the business date: hier, ces 7 derniers jours, or du 14 au 20 novembre."""
        if days == 1:
            return self.that_day()
        if self.is_yesterday:
            return self.language.say("answer.when.last", days=days)
        return self.language.say("answer.when.span", span=self.span(days))

    def span(self, days: int) -> str:
        """The first and last day of a window."""
        return self.language.span(*window(self.business_date, days))
