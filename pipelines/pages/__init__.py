"""Readers: landed pages of any format become one table of text, nothing lost."""

from pipelines.pages.batch import RawBatch
from pipelines.pages.reading import read_pages

__all__ = ["RawBatch", "read_pages"]
