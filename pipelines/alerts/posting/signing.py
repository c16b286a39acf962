"""The headers of a generic webhook: the same id at every try, and a signature as Standard Webhooks has it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime

SECRET_PREFIX = "whsec_"  # noqa: S105 - how such secrets begin


def signed_headers(message_id: str, body: bytes, secret: str | None, now: datetime) -> dict[str, str]:
    """Idempotency-Key and webhook-id, the moment, and HMAC-SHA256 of `id.timestamp.body` where there is a secret.

    Source: https://www.standardwebhooks.com; the vector is the specification's own.

    >>> signed_headers(
    ...     "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    ...     datetime.fromtimestamp(1614265330).astimezone(),
    ... )["webhook-signature"]
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    timestamp = str(int(now.timestamp()))
    headers = {"Idempotency-Key": message_id, "webhook-id": message_id, "webhook-timestamp": timestamp}
    if secret is None:
        return headers
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return headers | {"webhook-signature": f"v1,{base64.b64encode(digest).decode()}"}


def _key(secret: str) -> bytes:
    if not secret.startswith(SECRET_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        return secret.encode()
