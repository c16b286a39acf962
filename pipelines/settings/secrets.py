"""What looks like a secret: the settings file refuses it, and no message repeats it."""

import re
from functools import cache

SECRET_KEY = re.compile(
    r"(^|_)(password|passwd|passphrase|pwd|mot_de_passe|secret|secrets|token|tokens|api_?key|access_?key|account_?key"
    r"|private_?key|secret_?key|credential|credentials|auth|authorization|bearer)(_|$)"
)
SECRET_IN_URL = re.compile(
    r"://[^\s/@:]*:(?!\d+/)[^\s@]+@"
    r"|[?&;](password|passwd|pwd|secret|\w*token|\w*signature|sig|\w*api_?key|\w*access_?key|key)=[^\s&;]+",
    re.IGNORECASE,
)
# The keys below these are words of the source (a code, a channel, an answer), never names of secrets.
BLOCKS_OF_DATA = frozenset({"unit_codes", "channels", "marks"})
# Keys of ours that say how or where secrets are shown, and hold none.
PLAIN_KEYS = frozenset({"auth", "token_url"})


@cache
def is_secret_key(key: str) -> bool:
    """Tell whether a key names a secret.

    >>> is_secret_key("sftp_password"), is_secret_key("apiKey"), is_secret_key("tokenizer")
    (True, True, False)
    """
    if key in PLAIN_KEYS:
        return False
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key.strip())
    return SECRET_KEY.search(re.sub(r"[\s.-]+", "_", snake).lower()) is not None


def has_secret_in_url(text: str) -> bool:
    """Tell whether a text holds a URL with a password or a token in it.

    >>> has_secret_in_url("sftp://shop:hunter2@host/drops"), has_secret_in_url("sftp://shop@host:2222/drops")
    (True, False)
    """
    return SECRET_IN_URL.search(text) is not None
