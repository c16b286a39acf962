"""The morning summary of a unit: collected for all units at once, told in French or English, in three forms."""

from pipelines.summary.addresses import latest_page, unit_page
from pipelines.summary.as_html import render_html
from pipelines.summary.as_json import render_json
from pipelines.summary.as_text import render_text
from pipelines.summary.collecting import collect_figures
from pipelines.summary.figures import Figures
from pipelines.summary.writing import write_summaries

__all__ = [
    "Figures",
    "collect_figures",
    "latest_page",
    "render_html",
    "render_json",
    "render_text",
    "unit_page",
    "write_summaries",
]
