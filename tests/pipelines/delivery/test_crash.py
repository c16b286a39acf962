"""A sender killed between the server's word and its own note of it: the mail comes again, under the same Message-ID."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
import yaml

from pipelines.connections import environment_connections
from pipelines.settings import load_settings
from pipelines.steps import deliver_summaries

SETTINGS = {
    "network": {"units": [{"id": "lille", "name": "Lille", "timezone": "Europe/Paris"}]},
    "sources": [{"name": "survey", "path": "drops/*.csv", "questionnaire": "eleven-2024"}],
    "recipients": [
        {"id": name, "name": name.title(), "unit": "lille", "email": f"{name}@example.com"}
        for name in ("ann", "bob", "cleo")
    ],
    "delivery": {"connection": "relay", "sender": "Symétrie <bonjour@symetrie.example>", "security": "none"},
}
MORNING = datetime(2026, 11, 20, 8, tzinfo=UTC)
KILLED = f"""
import os, signal, time_machine
from pipelines.delivery import delivering
delivering.settle = lambda warehouse, settled: os.kill(os.getpid(), signal.SIGKILL)
from pipelines.cli import main
with time_machine.travel("{MORNING}"):
    main()
"""


@pytest.fixture
def environment(tmp_path: Path, warehouse_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Where a process finds the house."""
    (tmp_path / "symetrie.yaml").write_text(yaml.safe_dump(SETTINGS, allow_unicode=True), encoding="utf-8")
    found = {
        "SYMETRIE_CONFIG": str(tmp_path / "symetrie.yaml"),
        "SYMETRIE_HOME": str(home),
        "SYMETRIE_WAREHOUSE_URL": warehouse_url,
    }
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return dict(os.environ)


def test_a_mail_is_repeated_rather_than_lost_and_always_under_its_own_id(
    environment: dict[str, str], serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kill -9 of `symetrie deliver` after the server has taken the mails and before the outbox knows."""
    from pipelines.warehouse import open_warehouse
    from pipelines.warehouse.network import synchronise_network

    box = serve()
    relay = f"smtp://127.0.0.1:{box.port}"
    monkeypatch.setenv("AIRFLOW_CONN_RELAY", relay)
    settings = load_settings()
    warehouse = open_warehouse(settings.warehouse_url, settings.home)
    synchronise_network(warehouse, settings.network)
    warehouse.close()

    killed = subprocess.run(
        [sys.executable, "-c", KILLED, "deliver"],
        env=environment | {"AIRFLOW_CONN_RELAY": relay},
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert len(box.ids) == 3

    for minutes, sent in ((44, 0), (46, 3), (61, 0)):
        with time_machine.travel(MORNING + timedelta(minutes=minutes), tick=False):
            assert deliver_summaries(settings, connections=environment_connections).sent_count == sent
    assert len(box.ids) == 6
    assert len(set(box.ids)) == 3
