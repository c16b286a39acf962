"""The DAG of the mails, through Airflow in one process, to a real SMTP server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiosmtpd.controller import Controller

DAGS = Path(__file__).parents[2] / "dags"
RUN = "import sys; from deliver_summaries import deliver_summaries; deliver_summaries().test(run_conf={})"
pytestmark = pytest.mark.airflow


class Knowing:
    """A server that knows everybody but the regional manager."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address.startswith("region"):
            return "550 5.1.1 Unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken += envelope.rcpt_tos
        return "250 OK"


@pytest.fixture
def server(free_port: int) -> Iterator[tuple[Knowing, int]]:
    handler = Knowing()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port)
    controller.start()
    yield handler, free_port
    controller.stop()


@pytest.fixture
def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(airflow: Any, company: Any, **more: str) -> subprocess.CompletedProcess[str]:
    done: subprocess.CompletedProcess[str] = airflow.run(
        sys.executable, "-c", RUN, PYTHONPATH=str(DAGS), **company.environment, **more
    )
    return done


def addressed(company: Any, *people: str) -> None:
    """Give a company people with addresses, and a mail server."""
    file = company.home / "demo" / "symetrie.yaml"
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    top = next(iter(document["recipients"]))["unit"]
    document["recipients"] = [
        {"id": name, "name": name, "unit": top, "email": f"{name}@example.com", "hour": "00:00"} for name in people
    ]
    document["delivery"] = {"connection": "relay", "sender": "a@b.example", "security": "none"}
    file.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")


def test_without_a_mail_server_in_the_settings_the_run_is_skipped_and_green(
    new_company: Any, new_airflow_home: Any
) -> None:
    airflow = new_airflow_home()
    run(airflow, new_company())
    assert set(airflow.task_states("deliver_summaries").values()) == {"skipped"}


def test_who_is_due_has_mail_once_and_a_dead_letter_turns_its_run_red_and_no_later_one(
    new_company: Any, new_airflow_home: Any, server: tuple[Knowing, int]
) -> None:
    (handler, port), company, airflow = server, new_company(), new_airflow_home()
    addressed(company, "claire", "region-west")
    relay = {"AIRFLOW_CONN_RELAY": f"smtp://127.0.0.1:{port}"}

    run(airflow, company, **relay)
    assert handler.taken == ["claire@example.com"]
    assert airflow.task_states("deliver_summaries") == {"deliver": "success", "report": "failed"}

    run(airflow, company, **relay)
    assert handler.taken == ["claire@example.com"]
    states = company.rows("SELECT recipient_id, status FROM ops.outbox ORDER BY recipient_id")
    assert states == [("claire", "sent"), ("region-west", "dead")]
    assert airflow.task_states("deliver_summaries") == {"deliver": "success", "report": "success"}
