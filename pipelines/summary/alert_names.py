"""How alerts are named in figures: where each can be read, and the reasons of cases in every language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from pipelines.settings.alert_channels import page_of
from pipelines.summary.figures import CaseReason
from pipelines.summary.language import locales
from symetrie.complaints.typology import OTHER

if TYPE_CHECKING:
    from pipelines.settings import Settings


@dataclass(frozen=True)
class AlertNames:
    """The address of alerts' pages, if there are any, and the titles of reasons by language and code."""

    page_url: str | None
    titles: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The names that a house gives."""
        return cls(settings.alerts.page_url, {each: settings.alerts.reason_titles(each) for each in locales()})

    def addresses(self, alert_id: str) -> Mapping[str, str]:
        """Where an alert can be read, by language."""
        found = {locale: page_of(alert_id, self.page_url, locale) for locale in self.titles}
        return {locale: address for locale, address in found.items() if address}

    def reasons(self, codes: Iterable[str]) -> tuple[CaseReason, ...]:
        """The reasons that were recognised; a code that the settings no longer know stands for itself."""
        return tuple(
            CaseReason(code, {locale: titles.get(code, code) for locale, titles in self.titles.items()})
            for code in codes
            if code != OTHER
        )
