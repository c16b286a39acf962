"""A message as plain text: the first line is what a phone shows."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.alerts.telling.message import Line, Message


def message_text(message: Message) -> str:
    """The whole message, one thing per line."""
    return "\n".join(_lines(message)) + "\n"


def _lines(message: Message) -> Iterator[str]:
    yield message.headline
    yield message.introduction
    for section in message.sections:
        yield f"\n{section.title.upper()}"
        for group in section.groups:
            yield f"\n{group.title}"
            for line in group.lines:
                yield from _line(line)
    for ending in message.endings:
        yield f"\n{ending}"


def _line(line: Line) -> Iterator[str]:
    yield f"- {line.text}"
    for detail in line.details:
        yield f"  {detail}"
    if line.quote:
        yield f"  {line.quote}"
    for link in line.links:
        yield f"  {link.words} – {link.address}"
    if line.command:
        yield f"  {line.command}"
