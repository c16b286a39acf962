"""The files of the pulse: campaigns and people invited beside the settings, a day's answers, and the truth of both."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from pipelines.demo.answers import Company
from pipelines.demo.placing import drop_path, partial_of, put, replace_text
from pipelines.demo.pulse.answers import draw_campaign
from pipelines.demo.pulse.campaigns import DemoCampaign, campaign, latest, opened
from pipelines.demo.pulse.pouls import NAME, SUFFIX, as_bytes
from pipelines.demo.pulse.truth import planted_record, strengths_record, write_campaign
from pipelines.demo.rows import Rows
from pipelines.demo.truth import write_json

CAMPAIGNS_HEADER = "id;source;opens_on;closes_on;name"
HEADCOUNTS_HEADER = "campaign_id;unit_id;invited_count"


class PulseFiles:
    """Writes the files of the teams of a company; the answers to a campaign are drawn once."""

    def __init__(self, company: Company, folder: Path) -> None:
        """Write into the folder of a demo."""
        self.company, self.folder = company, folder
        self.answers = lru_cache(maxsize=4)(self._draw)

    def write_beside(self, until: date) -> None:
        """Write what stands beside the drops up to a day: the campaigns, the people invited, and the truth."""
        self._add_campaigns(until)
        truth = self.folder / "truth" / "pulse"
        write_json(planted_record(self.company, until), truth / "planted.json")
        write_json(strengths_record(self.company), truth / "strengths.json")
        for each in opened(self.company.plan, until):
            if each.closes_on <= until and not (truth / f"{each.id}.json").exists():
                write_campaign(self.company, each, self.answers(each.number), truth / f"{each.id}.json")

    def write_day(self, day: date) -> None:
        """Write the file of a day, if anybody answered."""
        rows = self._of(day)
        if len(rows):
            path = drop_path(self.folder, NAME, SUFFIX, day)
            partial_of(path).write_bytes(as_bytes(self.company.teams, rows))
            put(path, day)

    def _add_campaigns(self, until: date) -> None:
        """Add the campaigns that have opened by a day, and the next one, whose people are not counted yet."""
        have_opened = opened(self.company.plan, until)
        known = [*have_opened, campaign(self.company.plan, len(have_opened))]
        _add(self.folder / "campaigns.csv", CAMPAIGNS_HEADER, known, lambda each: [_campaign_line(each)])
        _add(self.folder / "headcounts.csv", HEADCOUNTS_HEADER, have_opened, self._headcount_lines)

    def _draw(self, number: int) -> Rows:
        return draw_campaign(self.company, number)

    def _of(self, day: date) -> Rows:
        last = latest(self.company.plan, day)
        rows = self.answers(last.number if last else 0)
        of_day: Rows = rows[rows["submitted"].astype("datetime64[D]") == np.datetime64(day, "D")]
        return of_day

    def _headcount_lines(self, each: DemoCampaign) -> Iterable[str]:
        teams = self.company.teams
        counts = np.bincount(teams.invited(each.number).unit, minlength=len(teams.unit_ids))
        return (f"{each.id};{unit_id};{count}" for unit_id, count in zip(teams.unit_ids, counts, strict=True) if count)


def _campaign_line(each: DemoCampaign) -> str:
    return f"{each.id};{NAME};{each.opens_on};{each.closes_on};{each.name}"


def _add(
    path: Path, header: str, campaigns: Sequence[DemoCampaign], lines_of: Callable[[DemoCampaign], Iterable[str]]
) -> None:
    """Add the lines of the campaigns that a file does not have yet; what stands in it stays."""
    written = path.read_text(encoding="utf-8") if path.exists() else f"{header}\n"
    known = {line.split(";")[0] for line in written.splitlines()}
    added = [line for each in campaigns if each.id not in known for line in lines_of(each)]
    if added or not path.exists():
        replace_text(path, written + "".join(f"{line}\n" for line in added))
