"""As many alerts as a channel has room for: the worst ones stay, and how many do not is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pipelines.alerts.telling.message import Message

Rendered = TypeVar("Rendered")


def fitted(
    make: Callable[[int], Message],
    most: int,
    render: Callable[[Message], Rendered],
    fits: Callable[[Rendered], bool],
) -> Rendered:
    """Render a message with as many alerts as fit, of at most so many; one that fits with none at all is given then.

    >>> dots = lambda count: Message("en", "." * count, "", (), ())
    >>> fitted(dots, 9, lambda each: each.headline, lambda text: len(text) < 6)
    '.....'
    """
    shown, refused = 0, most + 1
    best = render(make(0))
    while refused - shown > 1:
        tried = most if refused > most else (shown + refused) // 2
        rendered = render(make(tried))
        if fits(rendered):
            shown, best = tried, rendered
        else:
            refused = tried
    return best
