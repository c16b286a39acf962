"""How many people were invited to each campaign, from a CSV file of the house."""

from collections.abc import Collection

from pydantic import Field

from pipelines.settings.csv_file import read_rows
from pipelines.settings.entry import Entry, Text
from pipelines.settings.errors import Problems
from pipelines.settings.explain import read_entry
from pipelines.settings.paths import NamedFile
from pipelines.settings.units import WrittenUnits


class HeadcountEntry(Entry):
    """A line of the headcounts."""

    campaign_id: Text = Field(description="The campaign.")
    unit_id: Text = Field(description="The unit.")
    invited_count: int = Field(ge=0, description="How many people of the unit were invited, those below it apart.")


def read_headcounts(
    file: NamedFile, campaign_ids: Collection[str] | None, units: WrittenUnits, problems: Problems
) -> dict[str, dict[str, int]]:
    """Read the people invited per campaign and unit; no campaign is unknown where their file cannot be read."""
    counts: dict[str, dict[str, int]] = {}
    lines: dict[tuple[str, str], int | None] = {}
    for value, at in read_rows(file, HeadcountEntry, problems) or ():
        entry = read_entry(HeadcountEntry, value, at, problems)
        if entry is None:
            continue
        if campaign_ids is not None and entry.campaign_id not in campaign_ids:
            problems.add_unknown(at(("campaign_id",)), "campaign", entry.campaign_id, campaign_ids)
        pair, place = (entry.campaign_id, entry.unit_id), at(("unit_id",))
        units.check(entry.unit_id, place, problems)
        if pair in lines:
            problems.add(place, f"campaign {pair[0]!r} and unit {pair[1]!r} also stand on line {lines[pair]}; keep one")
        lines.setdefault(pair, place.line)
        counts.setdefault(entry.campaign_id, {})[entry.unit_id] = entry.invited_count
    return counts
