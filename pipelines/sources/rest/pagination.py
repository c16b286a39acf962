"""How one page leads to the next: a number, an offset, a cursor or a link; each is a text, so that it can be kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipelines.sources.rest.client import Request

if TYPE_CHECKING:
    from pipelines.settings.rest_source import Pagination
    from pipelines.sources.rest.client import Client
    from pipelines.sources.rest.page import Page

FIRST = ""
NOTHING_MORE = frozenset({"", "false", "null"})


def request(client: Client, params: Mapping[str, str], pointer: str, number: int) -> Request:
    """The request for the page that a pointer leads to."""
    pagination, what = client.source.pagination, f"page {number}"
    if pagination.kind == "next_link" and pointer != FIRST:
        return Request(what, client.here(pointer), {})
    asked = {**client.source.params, **params}
    if pagination.size_parameter and pagination.size:
        asked[pagination.size_parameter] = str(pagination.size)
    if pagination.parameter and (position := pointer or _beginning(pagination)):
        asked[pagination.parameter] = position
    return Request(what, client.url, asked)


def next_pointer(pagination: Pagination, pointer: str, page: Page) -> str | None:
    """Where the page after this one is; None where this one is the last."""
    if pagination.stop_on == "short" and page.record_count < (pagination.size or 0):
        return None
    if pagination.kind in ("page", "offset"):
        step = page.record_count if pagination.kind == "offset" else 1
        return str(int(pointer or _beginning(pagination)) + step) if page.record_count else None
    given = page.next if pagination.kind in ("cursor", "next_link") else None
    return None if given is None or given.strip().lower() in NOTHING_MORE else given


def _beginning(pagination: Pagination) -> str:
    return {"page": str(pagination.first), "offset": "0"}.get(pagination.kind, "")
