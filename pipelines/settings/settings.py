"""The settings of one house, complete and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipelines.errors import SymetrieError
from pipelines.settings.alerts import Alerts
from pipelines.settings.campaigns import Campaign
from pipelines.settings.delivery import Delivery
from pipelines.settings.errors import near
from pipelines.settings.gate import Gate
from pipelines.settings.limits import Retention, Thresholds
from pipelines.settings.network import Network
from pipelines.settings.pulse import Pulse
from pipelines.settings.recipients import Locale, Recipient
from pipelines.settings.redaction import Redaction
from pipelines.settings.sources import Side, Source
from pipelines.settings.suggestions import pick_from
from symetrie.alerts.finding import Lane
from symetrie.benchmarks import Benchmark
from symetrie.questionnaires import Questionnaire
from symetrie.scales import Scale, scale
from symetrie.windows import WINDOWS


@dataclass(frozen=True)
class Settings:
    """What `symetrie.yaml` and the environment say together."""

    path: Path
    home: Path
    warehouse_url: str = field(repr=False)  # the environment may have given it with a password
    network: Network
    sources: tuple[Source, ...]
    questionnaires: Mapping[str, Questionnaire]
    scales: Mapping[str, Scale]
    thresholds: Thresholds = Thresholds()
    redaction: Redaction = Redaction()
    retention: Retention = Retention()
    gate: Gate = Gate()
    windows: tuple[int, ...] = WINDOWS
    recipients: tuple[Recipient, ...] = ()
    delivery: Delivery | None = None
    locale: Locale = "fr"
    pulse: Pulse = Pulse()
    campaigns: tuple[Campaign, ...] = ()
    benchmarks: tuple[Benchmark, ...] = ()
    alerts: Alerts = Alerts()

    def names_of(self, *sides: Side) -> list[str]:
        """Give the names of the sources of some sides."""
        return [source.name for source in self.sources if source.side in sides]

    def source(self, name: str) -> Source:
        """Give a source by its name."""
        by_name = {source.name: source for source in self.sources}
        if name not in by_name:
            raise SymetrieError(f"there is no source {name!r} in {near(self.path)}{pick_from(name, by_name)}")
        return by_name[name]

    def campaign(self, campaign_id: str) -> Campaign:
        """Give a campaign by its id."""
        by_id = {campaign.id: campaign for campaign in self.campaigns}
        if campaign_id not in by_id:
            hint = pick_from(campaign_id, by_id)
            raise SymetrieError(f"there is no campaign {campaign_id!r} in {near(self.path)}{hint}")
        return by_id[campaign_id]

    def is_told(self, lane: Lane, unit_id: str, day: date) -> bool:
        """Tell whether alerts of a lane are told of a unit, being what it is on a day."""
        return self.alerts.is_told(lane, self.network.kind_of(unit_id, day))

    def scale(self, name: str) -> Scale:
        """Give a scale of the house, else the one of that name in the library."""
        return self.scales[name] if name in self.scales else scale(name)
