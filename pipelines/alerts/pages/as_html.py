"""The page of an alert as a self-contained document: a phone first, light or dark, in the look of the summaries."""

from __future__ import annotations

from pathlib import Path

from pipelines.alerts.pages.page import AlertPage
from pipelines.summary.as_html import environment

TEMPLATES = Path(__file__).parent / "templates"


def alert_html(page: AlertPage) -> str:
    """One alert as one HTML document."""
    return environment(TEMPLATES).get_template("alert.html").render(page=page)
