"""A message for an incoming webhook of Slack: blocks of rich text, and the plain text that a notification shows.

Elements of rich text are shown as they are: no name and no client's word in them is read as markup or as a mention.
Only the plain text of the notification is, so that its three control characters are escaped there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pipelines.alerts.telling.message import Group, Line, Message
from pipelines.summary.cleaning import shorten

MOST_BLOCKS = 50
"""Of one message: https://docs.slack.dev/reference/block-kit/blocks."""

LONGEST_HEADER = 150
"""Characters of a header block, from the same place."""

LONGEST_BLOCK = 3000
"""Characters of one block: what a section may have; rich text is kept to the same."""

LONGEST_BLOCKS = 12_000
"""Characters of all blocks together: beyond some 13,000 Slack refuses with `msg_blocks_too_long`, whatever the
documented 40,000 (github.com/slackapi/bolt-js/issues/2509)."""

LONGEST_NOTIFICATION = 1000

Json = dict[str, Any]


def slack_document(message: Message) -> Json:
    """What is posted to the webhook."""
    text = f"{message.headline}\n{message.introduction}"
    return {
        "text": _escaped(text[:LONGEST_NOTIFICATION]),
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
        "blocks": list(_blocks(message)),
    }


def fits_slack(document: Json) -> bool:
    """Whether Slack takes it."""
    blocks = document["blocks"]
    sizes = [len(json.dumps(block, ensure_ascii=False)) for block in blocks]
    return len(blocks) <= MOST_BLOCKS and sum(sizes) <= LONGEST_BLOCKS and max(sizes) <= LONGEST_BLOCK


def _escaped(text: str) -> str:
    """The three characters that begin a link, a mention or an entity (https://docs.slack.dev/messaging/formatting)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _blocks(message: Message) -> Iterator[Json]:
    yield _header(message.headline)
    yield _rich(_section(_text(message.introduction)))
    for section in message.sections:
        yield _rich(_section(_text(section.title.upper(), italic=True)))
        for group in section.groups:
            yield from _group(group)
    yield _rich(_section(_text("\n".join(message.endings))))


def _group(group: Group) -> Iterator[Json]:
    """A unit's name and its alerts as a list; several blocks where one cannot hold them."""
    title = _section(_text(f"{'●' * group.severity} {group.title}", bold=True))
    items = [_section(*_line(line)) for line in group.lines]
    taken: list[Json] = []
    for item in items:
        if taken and _size(_listed(title, [*taken, item])) > LONGEST_BLOCK:
            yield _listed(title, taken)
            taken = []
        taken.append(item)
    yield _listed(title, taken)


def _listed(title: Json, items: list[Json]) -> Json:
    return _rich(title, {"type": "rich_text_list", "style": "bullet", "elements": items})


def _size(block: Json) -> int:
    return len(json.dumps(block, ensure_ascii=False))


def _line(line: Line) -> Iterator[Json]:
    yield _text(line.text)
    for detail in line.details:
        yield _text(f"\n{detail}")
    if line.quote:
        yield _text(f"\n{line.quote}", italic=True)
    for number, link in enumerate(line.links):
        yield _text(" · " if number else "\n")
        yield {"type": "link", "url": link.address, "text": link.words}
    if line.command:
        yield _text("\n")
        yield _text(line.command, code=True)


def _header(text: str) -> Json:
    words = shorten(text, LONGEST_HEADER)
    return {"type": "header", "text": {"type": "plain_text", "text": words, "emoji": False}}


def _rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def _section(*elements: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def _text(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}
