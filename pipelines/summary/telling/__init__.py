"""Figures put into words, in one language: the same sentences for the terminal, the page and the mail."""

from pipelines.summary.telling.make_page import make_page

__all__ = ["make_page"]
