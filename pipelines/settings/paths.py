"""Files that the settings name: a relative path starts at the settings file's folder."""

from pathlib import Path
from typing import NamedTuple

from pipelines.settings.document import Document, KeyPath
from pipelines.settings.errors import Place


class NamedFile(NamedTuple):
    """A file, and the place in the settings that names it."""

    path: Path
    named_at: Place


def named_file(path: str | None, document: Document, key: KeyPath) -> NamedFile | None:
    """Give the file that a key names, if it names one."""
    return None if path is None else NamedFile(Path(located(path, document, key)), document.place(key))


def located(path: str, document: Document, key: KeyPath) -> str:
    """Take a relative path from the file's folder, or from the working folder where the environment gives it."""
    if "://" in path:
        return path
    from_environment = document.written(key).startswith("${")
    return str((Path.cwd() if from_environment else document.path.parent) / Path(path).expanduser())
