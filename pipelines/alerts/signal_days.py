"""Live business dates one after the other: what came in, what it shows, and what is remembered after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipelines.alerts.network_of_day import NetworkDays
from pipelines.alerts.signal_findings import Told, findings_of, lost_findings
from pipelines.warehouse.signals import answers_of, remember, remembered_days
from symetrie.measures import CLIENT_MEASURES, NPS
from symetrie.signals.counts import Answers
from symetrie.signals.naming import Names, carried_over, fallen_in, lost_falls
from symetrie.signals.packing import packed, rounded
from symetrie.signals.state import Streams
from symetrie.signals.watch import Watch, watch_day

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pipelines.settings import Settings
    from symetrie.alerts.finding import Finding
    from symetrie.signals.network import Floats

MEASURES = tuple(measure.key for measure in CLIENT_MEASURES)
STRATUM = " · "

KEPT_DAYS = 14
"""The memory of so many last days is kept, for late answers; of older days that of each Sunday."""

KEPT_WEEKS = 58
"""So many Sundays: what is looked back at (400 days) can be lived again from one of them."""

SUNDAY = 6


@dataclass
class DaysWatched:
    """Days that are lived in order; the memory of each partition goes from one to the next."""

    connection: sa.Connection
    settings: Settings
    memories: dict[str, tuple[Streams, Names]]
    first: date
    last: date
    networks: NetworkDays = field(init=False)

    def __post_init__(self) -> None:
        self.networks = NetworkDays.read(self.connection, self.first, self.last)

    def live(self, day: date) -> list[Finding]:
        """Give what a day shows; the memory has it from then on."""
        counts = answers_of(self.connection, day)
        networks = self.networks.on(day)
        found = [
            finding for gone in sorted(self.memories.keys() - networks.keys()) for finding in self._forget(gone, day)
        ]
        for partition, network in networks.items():
            found += self._live_in(partition, day, network, counts[counts["unit_id"].isin(network)])
        fallen = {finding.cause for finding in found if not finding.is_over}
        return [finding for finding in found if not (finding.is_over and finding.cause in fallen)]

    def _forget(self, partition: str, day: date) -> Iterator[Finding]:
        """A partition that has no unit any more; what was down in it cannot be seen again."""
        streams, names = self.memories.pop(partition)
        return lost_findings(day, dict.fromkeys(sorted(fallen_in(streams, names)), "unit_closed"))

    def _live_in(
        self, partition: str, day: date, network: Mapping[str, str], counts: pd.DataFrame
    ) -> Iterator[Finding]:
        counts = counts.assign(stratum=counts["channel"] + STRATUM + counts["questionnaire_version"])
        before = self.memories.get(partition)
        strata = set(counts["stratum"]) | set(before[1].strata if before else ())
        units = tuple(sorted(network))
        names = Names(MEASURES, units, tuple(network[unit] for unit in units), tuple(sorted(strata)))
        if not names.strata:
            return
        streams = carried_over(*before, names) if before else Streams.of(names.watched)
        lost = lost_falls(*before, streams, names) if before else {}
        seen = watch_day(streams, _came(day, counts, names), watch_of(self.settings, day, names))
        self.memories[partition] = (rounded(streams), names)
        yield from findings_of(Told(day, names, streams, seen))
        yield from lost_findings(day, lost)

    def remember(self, day: date) -> None:
        """Keep in the warehouse the memory after one of the last days, or an older Sunday."""
        horizon = self.last - timedelta(days=KEPT_DAYS)
        if day > horizon or day.weekday() == SUNDAY:
            memories = {partition: packed(*memory) for partition, memory in self.memories.items()}
            remember(self.connection, day, memories, self._forgotten() if day == self.last else ())

    def _forgotten(self) -> list[date]:
        """Days whose memory is no longer needed."""
        recent, oldest = self.last - timedelta(days=KEPT_DAYS), self.last - timedelta(weeks=KEPT_WEEKS)
        return [
            day
            for day in remembered_days(self.connection)
            if day < oldest or (day <= recent and day.weekday() != SUNDAY)
        ]


def watch_of(settings: Settings, day: date, names: Names) -> Watch:
    """How the units of a day are watched under the settings of a house."""
    alerts = settings.alerts
    kinds = [settings.network.kind_of(unit, day) for unit in names.units]
    of_kind = {kind: [alerts.smallest_points(kind, measure) for measure in names.measures] for kind in set(kinds)}
    smallest_points = np.array([of_kind[kind] for kind in kinds]).T.ravel()
    settled_days = alerts.rules_of("signal").expires_days
    return Watch(names.watched, scale_of(names), smallest_points, alerts.signals.tolerance, settled_days)


def scale_of(names: Names) -> Floats:
    """The points of one answer in a hundred, per stream: an NPS counts a detractor twice against a promoter."""
    return np.repeat([2.0 if measure == NPS.key else 1.0 for measure in names.measures], len(names.units))


def _came(day: date, counts: pd.DataFrame, names: Names) -> Answers:
    """The counts of a day as positions; the unhappy are all that are not favourable, of an NPS half of the passives."""
    answers, favourable = (counts[f"{name}_count"].to_numpy(float) for name in ("answer", "favourable"))
    is_nps = (counts["measure"] == NPS.key).to_numpy()
    nps = (answers - favourable + counts["unfavourable_count"].to_numpy(float)) / 2
    return Answers(
        day=day,
        measure=pd.Index(names.measures).get_indexer(pd.Index(counts["measure"])),
        unit=pd.Index(names.units).get_indexer(pd.Index(counts["unit_id"])),
        stratum=pd.Index(names.strata).get_indexer(pd.Index(counts["stratum"])),
        answers=answers,
        unhappy=np.where(is_nps, nps, answers - favourable),
    )
