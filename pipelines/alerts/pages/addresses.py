"""Where an alert's pages lie: `<home>/pages/alerts/<alert id>.<locale>.html`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipelines.summary.addresses import ALERTS, PAGES
from pipelines.summary.language import locales


def alert_page(home: Path, alert_id: str, locale: str) -> Path:
    """The page of an alert in a language."""
    return home / PAGES / ALERTS / f"{alert_id}.{locale}.html"


def written_pages(home: Path, alert_ids: Iterable[str]) -> list[Path]:
    """The pages that some alerts have, in whatever language; asked for one by one, as the folder may hold a million."""
    pages = (alert_page(home, alert_id, locale) for alert_id in alert_ids for locale in locales())
    return [page for page in pages if page.exists()]


def remove_pages(home: Path, alert_ids: Iterable[str]) -> None:
    """Remove the pages of some alerts."""
    for page in written_pages(home, alert_ids):
        page.unlink(missing_ok=True)  # another may have removed it meanwhile
