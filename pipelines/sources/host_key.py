"""The host key of an SFTP server, known in advance: who stands in between is refused before any password is sent."""

from __future__ import annotations

import paramiko


class PinnedHostKey(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    """Accepts one key only, given as in known_hosts: "ssh-ed25519 AAAA…" or its second word."""

    def __init__(self, host_key: str) -> None:
        words = host_key.split()
        self.expected = words[1] if len(words) > 1 else host_key

    def missing_host_key(self, _client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        """Refuse the server unless its key is the expected one."""
        if key.get_base64() != self.expected:
            raise paramiko.SSHException(f"{hostname} shows another host key than the connection's host_key")
