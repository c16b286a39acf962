"""Where a unit's pages lie: `<home>/pages/<business date>/<unit>.<locale>.html`; mirrors and alerts beside the days."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import date
from pathlib import Path

PAGES, LATEST, INDEX, MIRROR, ALERTS = "pages", "latest.html", "index.html", "mirror", "alerts"

SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
UNSAFE_CHARACTERS = re.compile(r"[^A-Za-z0-9_-]+")


def pages_folder(home: Path, business_date: date) -> Path:
    """The folder of a day's pages."""
    return home / PAGES / business_date.isoformat()


def latest_page(home: Path) -> Path:
    """The index of the newest day that has pages."""
    return home / PAGES / LATEST


def unit_page(home: Path, business_date: date, unit_id: str, locale: str) -> Path:
    """The page of a unit on a day, in a language."""
    return pages_folder(home, business_date) / page_name(unit_id, locale)


def mirror_page(home: Path, as_of: date, unit_id: str, locale: str) -> Path:
    """The page of a unit's mirror, of the campaign that ended on a day: written once, linked from every morning."""
    return home / PAGES / MIRROR / as_of.isoformat() / page_name(unit_id, locale)


def page_pattern(unit_id: str) -> str:
    """What the pages of a unit are called, in whatever language."""
    return page_name(unit_id, "*")


def page_name(unit_id: str, locale: str) -> str:
    """A file name that every file system takes; an id that is none gets a hash, so that no two units share one.

    >>> page_name("lyon-1", "fr"), page_name("Côte d'Azur/Nice", "fr")
    ('lyon-1.fr.html', 'Cote-d-Azur-Nice-fb592473.fr.html')
    """
    if SAFE_NAME.fullmatch(unit_id):
        return f"{unit_id}.{locale}.html"
    ascii_only = unicodedata.normalize("NFKD", unit_id).encode("ascii", "ignore").decode()
    readable = UNSAFE_CHARACTERS.sub("-", ascii_only).strip("-")[:60] or "unit"
    return f"{readable}-{hashlib.sha256(unit_id.encode()).hexdigest()[:8]}.{locale}.html"
