"""Cut what days show of one cause into episodes: from its first finding until it has recovered, one alert each."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from symetrie.alerts.finding import LOST, Finding
from symetrie.alerts.rules import Recovery


@dataclass(frozen=True, slots=True)
class Episode:
    """The findings of an episode in order of their days, at least one, and the day on which it was over."""

    findings: tuple[Finding, ...]
    over_on: date | None
    lost_by: str = ""
    """Why it cannot be seen any more, where it is over for no better reason."""

    @property
    def opened_on(self) -> date:
        """The first day that shows it."""
        return self.findings[0].business_date

    def seen_by(self, day: date) -> Finding | None:
        """Give what was seen last by a day; None before the first."""
        return next((each for each in reversed(self.findings) if each.business_date <= day), None)


def episodes(findings: Iterable[Finding], looked_on: Sequence[date], recovery: Recovery) -> list[Episode]:
    """Cut the findings of one cause, of at most one a day, into episodes in order of their days.

    ``looked_on`` are the days that were looked at, in order; a day that nobody looked at proves no recovery.

    >>> from symetrie.alerts.finding import Cause
    >>> silent = Cause("news", "source_silent", "shops", subject="survey")
    >>> days = [date(2026, 11, day) for day in (2, 3, 4, 5, 6)]
    >>> found = [Finding(day, silent, 2, None, {}) for day in (days[0], days[1], days[4])]
    >>> [(str(each.opened_on), str(each.over_on)) for each in episodes(found, days, "by_absence")]
    [('2026-11-02', '2026-11-04'), ('2026-11-06', 'None')]
    """
    found: list[Episode] = []
    standing: list[Finding] = []
    for finding in sorted(findings, key=lambda each: each.business_date):
        if standing and (over_on := _absent_after(standing[-1], looked_on, recovery, before=finding.business_date)):
            found.append(Episode(tuple(standing), over_on))
            standing = []
        if finding.is_over and recovery != "never":
            if standing:
                why = finding.evidence.get("why", "")
                found.append(Episode(tuple(standing), finding.business_date, why if why in LOST else ""))
            standing = []
        elif not finding.is_over:
            standing.append(finding)
    if standing:
        found.append(Episode(tuple(standing), _absent_after(standing[-1], looked_on, recovery)))
    return found


def _absent_after(
    last: Finding, looked_on: Sequence[date], recovery: Recovery, *, before: date = date.max
) -> date | None:
    """Give the first day looked at after a finding that shows nothing any more."""
    if recovery != "by_absence":
        return None
    place = bisect_right(looked_on, last.business_date)
    return looked_on[place] if place < len(looked_on) and looked_on[place] < before else None
