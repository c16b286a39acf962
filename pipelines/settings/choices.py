"""Words out of a short list: one that is not in it is told with the nearest that is."""

from collections.abc import Callable, Collection

from pipelines.settings.suggestions import pick_from


def one_of(words: Collection[str], kind: str) -> Callable[[str], str]:
    """Give a validator that lets these words pass.

    >>> one_of(("store", "web"), "channel")("web")
    'web'
    """

    def check(word: str) -> str:
        if word not in words:
            raise ValueError(f"{word!r} is not a {kind}{pick_from(word, words)}")
        return word

    return check
