"""What can be known of the image and the compose file without a container engine."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
ENDS_BY_ITSELF = {"prepare"}


def run(*command: str | Path, folder: Path = ROOT) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_compose_file_follows_the_compose_specification() -> None:
    run(PROGRAMS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml")


def test_the_image_definition_has_nothing_to_complain_of() -> None:
    run(PROGRAMS / "hadolint", "Dockerfile")


def test_every_service_that_stays_has_a_health_check(compose: dict[str, Any]) -> None:
    without = {name for name, service in compose["services"].items() if "healthcheck" not in service}
    assert without == ENDS_BY_ITSELF


def test_nobody_is_root(compose: dict[str, Any]) -> None:
    """The image sets its user; the others are told theirs, and none may gain privileges."""
    users = {name: service.get("user") for name, service in compose["services"].items() if "build" not in service}
    assert users == {"postgres": "postgres", "redis": "redis", "mail": "65534:65534"}
    assert "USER 50000:0" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert all(service["cap_drop"] == ["ALL"] for service in compose["services"].values())
    assert all(service["security_opt"] == ["no-new-privileges:true"] for service in compose["services"].values())


def test_only_this_machine_reaches_a_port(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_make_secrets_writes_what_the_file_names_and_keeps_what_is_there(
    compose: dict[str, Any], tmp_path: Path
) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    run("make", "secrets", folder=tmp_path)
    first = {file.name: file.read_text(encoding="utf-8") for file in (tmp_path / "secrets").iterdir()}
    run("make", "secrets", folder=tmp_path)
    assert set(first) == set(compose["secrets"])
    assert first == {file.name: file.read_text(encoding="utf-8") for file in (tmp_path / "secrets").iterdir()}
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_no_secret_stands_in_the_compose_file(compose: dict[str, Any]) -> None:
    """Every secret comes from a file; a variable names the file or the command that reads it."""
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|KEY|_URL|CONN", name):
                assert name.endswith(("_CMD", "_FILE", "SERVER_URL", "__BACKEND", "__BACKEND_KWARGS")), name
                assert "://" not in str(value) or name.endswith("EXECUTION_API_SERVER_URL"), name


def test_the_image_installs_the_versions_that_are_tested() -> None:
    tested, installed = _versions("requirements.lock"), _versions("requirements-server.lock")
    assert "apache-airflow" in installed
    assert "pytest" not in installed
    assert {name: version for name, version in installed.items() if version != tested.get(name)} == {}


def _versions(lock: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if pinned := re.match(r"([a-z0-9._-]+)==([^ ;\\]+)", line):
            found[pinned[1]] = (*found.get(pinned[1], ()), pinned[2])
    return found
