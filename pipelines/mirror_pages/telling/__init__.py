"""A mirror put into words, in one language."""

from pipelines.mirror_pages.telling.make_page import make_page

__all__ = ["make_page"]
