"""The mirror as managers see it: one page per unit, of the newest campaign of the teams beside the clients."""

from pipelines.mirror_pages.as_html import render_mirror
from pipelines.mirror_pages.records import Mirror, SectorScore
from pipelines.mirror_pages.writing import write_mirror_pages

__all__ = ["Mirror", "SectorScore", "render_mirror", "write_mirror_pages"]
