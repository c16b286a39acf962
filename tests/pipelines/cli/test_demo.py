"""`symetrie demo serve`: the API is there for as long as the command runs, and its exit code is the command's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SYMETRIE = str(Path(sys.executable).with_name("symetrie"))
ASK = """
import json, os, sys, urllib.request
given = json.loads(os.environ["AIRFLOW_CONN_DEMO_SURVEY"])
url = f"http://{given['host']}:{given['port']}/v1/answers?from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z"
asked = urllib.request.Request(url, headers={"Authorization": f"Bearer {given['password']}"})
print(urllib.request.urlopen(asked).read().decode())
sys.exit(7)
"""


@pytest.mark.parametrize("before", [[], ["--"]])
def test_a_command_runs_beside_the_api(before: list[str], tmp_path: Path) -> None:
    """Even where there is no demo yet: it has no answers then."""
    done = subprocess.run(
        [SYMETRIE, "demo", "serve", *before, sys.executable, "-c", ASK],
        env=os.environ | {"SYMETRIE_HOME": str(tmp_path)}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout == '{"answers":[],"next_cursor":null,"total":0}\n', done.stderr
    assert done.returncode == 7
