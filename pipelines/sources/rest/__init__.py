"""The REST source: asks a JSON API for a window of time, page after page, and lands what is whole."""

from pipelines.sources.rest.pull import extract, look
from pipelines.sources.rest.window import asked_span

__all__ = ["asked_span", "extract", "look"]
