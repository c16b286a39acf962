"""`symetrie deliver` and `symetrie status`: what people read about the mail, and the exit codes that monitors read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from aiosmtpd.controller import Controller

from pipelines.cli import main
from pipelines.settings import load_settings
from pipelines.steps import opened
from pipelines.warehouse.network import synchronise_network

SETTINGS = """\
network:
  units: [{id: lyon, name: Lyon, timezone: Europe/Paris}]
sources: [{name: survey, path: "drops/*.csv", questionnaire: eleven-2024}]
recipients:
  - {id: ann, name: Ann, unit: lyon, email: ann@example.com}
  - {id: bob, name: Bob, unit: lyon, email: bob@example.com}
  - {id: zoe, name: Zoé, unit: lyon}
"""
DELIVERY = "delivery: {connection: relay, sender: Symétrie <bonjour@symetrie.example>, security: none}\n"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with settings that say how to mail."""
    (tmp_path / "symetrie.yaml").write_text(SETTINGS + DELIVERY, encoding="utf-8")
    for name in ("SYMETRIE_CONFIG", "SYMETRIE_HOME", "SYMETRIE_WAREHOUSE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    with opened(settings) as warehouse:
        synchronise_network(warehouse, settings.network)
    return tmp_path


class Refusing:
    """A server that knows no Bob."""

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        if address.startswith("bob"):
            return "550 5.1.1 [Bob] is unknown here"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, free_port: int) -> Iterator[None]:
    controller = Controller(Refusing(), hostname="127.0.0.1", port=free_port)
    controller.start()
    monkeypatch.setenv("AIRFLOW_CONN_RELAY", f"smtp://127.0.0.1:{free_port}")
    yield
    controller.stop()


@pytest.fixture
def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def symetrie(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[object, str]]:
    """The entry point in this process; gives the exit code and what was printed."""

    def call(*arguments: str) -> tuple[object, str]:
        monkeypatch.setattr(sys, "argv", ["symetrie", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed, code = capsys.readouterr(), ended.value.code
        said = f"{printed.out}{printed.err}{code if isinstance(code, str) else ''}"
        return (1 if isinstance(code, str) else code or 0), said

    with time_machine.travel(datetime(2026, 11, 21, 6, 10, tzinfo=UTC), tick=False):
        yield call


def test_a_delivery_prints_what_left_and_why_the_rest_did_not(symetrie, server):
    """Ann has her mail, Bob's letter is dead, Zoé has no address."""
    code, said = symetrie("deliver")
    assert code == 1
    assert "Mail: 1 sent, 0 waiting, 1 dead, 0 late" in said
    assert "550 5.1.1 [Bob] is unknown here" in said
    assert "symetrie deliver --resend --recipient ID" in said
    assert symetrie("deliver")[1].startswith("Mail: 0 sent, 0 waiting, 1 dead")


def test_a_dead_letter_leaves_once_its_address_is_mended(symetrie, server, house):
    symetrie("deliver")
    settings = (house / "symetrie.yaml").read_text(encoding="utf-8")
    (house / "symetrie.yaml").write_text(settings.replace("bob@", "robert@"), encoding="utf-8")
    code, said = symetrie("deliver", "--resend", "--recipient", "bob", "--date", "2026-11-20")
    assert (code, said) == (0, "Mail: 1 sent, 0 waiting, 0 dead, 0 late\n")


def test_status_tells_the_dead_and_the_late(symetrie, server):
    """Nothing has run by ten past eight: the morning is late, though no mail was ever queued."""
    assert "Mail: 0 waiting, 0 late, 0 dead" in symetrie("status")[1]
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1), tick=False):
        code, said = symetrie("status")
        assert code == 1
        assert "Mail: 0 waiting, 2 late, 0 dead" in said
        assert said.count("not queued yet") == 2
        symetrie("deliver")
        assert "Mail: 0 waiting, 0 late, 1 dead" in symetrie("status")[1]


def test_a_server_that_is_down_is_one_line_and_everything_waits(symetrie, monkeypatch, free_port):
    monkeypatch.setenv("AIRFLOW_CONN_RELAY", f"smtp://127.0.0.1:{free_port}")
    code, said = symetrie("deliver")
    assert code == 1
    assert said.endswith(f"symetrie: mail server 127.0.0.1:{free_port} cannot be reached: "
                         "[Errno 111] Connection refused; the mails wait")  # fmt: skip
    assert "Mail: 2 waiting, 0 late, 0 dead" in symetrie("status")[1]


def test_without_the_block_both_commands_say_that_nothing_is_mailed(symetrie, house):
    (house / "symetrie.yaml").write_text(SETTINGS, encoding="utf-8")
    code, said = symetrie("deliver")
    assert (code, "nothing is mailed: symetrie.yaml has no block `delivery`" in said) == (1, True)
    assert "Mail: none is sent" in symetrie("status")[1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("deliver", "--recipient", "bib"), "no recipient 'bib'"),
        (("deliver", "--recipient", "zoe"), "recipient zoe has no email in the settings"),
        (("deliver", "--date", "2999-01-01"), "is not over"),
        (("deliver", "--now", "--date", "2026-11-21"), "2026-11-21 is not over: its mail would be sent half told"),
    ],
)
def test_what_is_wrong_is_one_line_that_says_what_to_do(symetrie, arguments, says):
    code, said = symetrie(*arguments)
    assert (code, says in said, "Traceback" in said) == (1, True, False)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("sender: nobody", "must be one address"),
        ("sender: 'a@b.example, c@d.example'", "must be one address"),
        ("hour: 7", "written HH:MM"),
        ("hour: '25:00'", "written HH:MM"),
        ("security: ssl", "starttls"),
        ("retry_minutes: []", "retry_minutes"),
        ("password: opensesame", "holds a secret"),
    ],
)
def test_a_wrong_block_is_named_before_anything_runs(symetrie, house, wrong, says):
    key = wrong.split(":")[0]
    block = {"connection": "relay", "sender": "a@b.example"}
    lines = [f"  {name}: {value}" for name, value in block.items() if name != key]
    (house / "symetrie.yaml").write_text("\n".join([SETTINGS + "delivery:", *lines, f"  {wrong}\n"]), encoding="utf-8")
    code, said = symetrie("config", "check")
    assert (code, says in said) == (1, True), said
    assert "opensesame" not in said


@pytest.mark.parametrize(
    "email", ["a,b@x.example", "<a>@x.example", '"a b"@x.example', "a(b)@x.example", "a@b", "a b@x.fr"]
)
def test_an_address_that_a_server_could_read_as_another_is_refused(symetrie, house, email):
    text = SETTINGS.replace("email: bob@example.com", f"email: '{email}'")
    (house / "symetrie.yaml").write_text(text, encoding="utf-8")
    code, said = symetrie("config", "check")
    assert (code, "must be an e-mail address" in said) == (1, True), said
