"""The room itself: it reads no clock and no settings, and stays light to import."""

import ast
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import symetrie

ROOM = Path(symetrie.__file__).parent
MODULES = sorted(ROOM.rglob("*.py"))
ALLOWED = {*sys.stdlib_module_names, "numpy", "pandas", "scipy", "symetrie"}


def imported_by(module):
    """Name the packages that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def test_the_room_imports_nothing_but_numpy_pandas_and_scipy():
    assert {name for module in MODULES for name in imported_by(module)} <= ALLOWED


def test_the_room_reads_no_clock_and_no_environment():
    forbidden = (".now(", ".today(", ".utcnow(", "os.environ", "getenv", "time.time")
    assert [
        module.name for module in MODULES if any(word in module.read_text(encoding="utf-8") for word in forbidden)
    ] == []


def test_questionnaires_are_known_without_loading_numpy_or_pandas():
    script = (
        "import sys; from symetrie.questionnaires import questionnaire; import symetrie.windows;"
        " questionnaire('eleven-2024'); print({'numpy', 'pandas'} & set(sys.modules))"
    )
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "set()\n"
    )


def test_the_data_and_the_type_marker_ship_with_the_package():
    assert files("symetrie").joinpath("data/scales.toml").is_file()
    assert files("symetrie").joinpath("py.typed").is_file()
