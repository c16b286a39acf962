"""A message for a webhook of Teams' Workflows: one adaptive card.

What comes from outside stands in text runs, where Markdown is not read. Links stand in text blocks, with words of our
own: links of text runs do not open in Teams on a desk (github.com/microsoft/AdaptiveCards/issues/9100).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pipelines.alerts.telling.message import Group, Line, Link, Message
from pipelines.summary.cleaning import shorten

CARD_VERSION = "1.4"
"""The newest that Workflows, desk and phones all show."""

LARGEST_CARD = 24_000
"""Bytes: 28 KB is the limit (learn.microsoft.com, limits and specifications of Teams), and Workflows wrap the card
once more. Counted with every letter outside ASCII escaped, as a workflow may write it again."""

LONGEST_SUMMARY = 200
COLOURS = {1: "Default", 2: "Warning", 3: "Attention"}

Json = dict[str, Any]


def teams_document(message: Message) -> Json:
    """What is posted to the webhook; `summary` is what a notification shows, where a workflow passes it on."""
    card = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": CARD_VERSION,
        "lang": message.locale,
        "fallbackText": shorten(message.headline, LONGEST_SUMMARY),
        "msteams": {"width": "Full"},
        "body": list(_body(message)),
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "summary": shorten(message.headline, LONGEST_SUMMARY), "attachments": [attachment]}


def fits_teams(document: Json) -> bool:
    """Whether Teams takes it."""
    return len(json.dumps(document)) <= LARGEST_CARD


def _body(message: Message) -> Iterator[Json]:
    yield _runs(_run(message.headline, size="Large", weight="Bolder"))
    yield _runs(_run(message.introduction, isSubtle=True))
    for section in message.sections:
        yield _runs(_run(section.title.upper(), weight="Bolder", isSubtle=True), separator=True, spacing="Medium")
        for group in section.groups:
            yield from _group(group)
    for ending in message.endings:
        yield _runs(_run(ending, isSubtle=True), spacing="Medium")


def _group(group: Group) -> Iterator[Json]:
    yield _runs(_run(group.title, weight="Bolder", color=COLOURS[group.severity]), spacing="Medium")
    for line in group.lines:
        yield from _line(line)


def _line(line: Line) -> Iterator[Json]:
    """A block for each thing that is said: not every client of Teams breaks a line within one."""
    yield _runs(_run(line.text), spacing="Small")
    below = [_run(detail, isSubtle=True) for detail in line.details]
    if line.quote:
        below.append(_run(line.quote, italic=True))
    if line.command:
        below.append(_run(line.command, fontType="Monospace", isSubtle=True))
    for run in below:
        yield _runs(run, spacing="None")
    if line.links:
        words = " · ".join(_markdown(link) for link in line.links)
        yield {"type": "TextBlock", "text": words, "wrap": True, "spacing": "None"}


def _markdown(link: Link) -> str:
    return f"[{link.words}]({link.address.replace('(', '%28').replace(')', '%29')})"


def _runs(*runs: Json, **block: Any) -> Json:
    return {"type": "RichTextBlock", "inlines": list(runs), **block}


def _run(text: str, **style: Any) -> Json:
    return {"type": "TextRun", "text": text, **style}
