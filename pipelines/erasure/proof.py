"""The proof of an erasure: where the answer stood and how often, without the answer."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from pipelines.landing import PRIVATE_FILE, PRIVATE_FOLDER

FOLDER = "erasures"


@dataclass(frozen=True)
class Proof:
    """What `ops.erasure` and the file of an erasure say; `places` are needed until it is finished, and go then."""

    erasure_id: str
    source: str
    response_key: str
    key_mark: str
    reason: str | None
    begun_at: str
    finished_at: str | None
    found: Mapping[str, int]
    places: tuple[tuple[str, str], ...] = ()

    @property
    def began(self) -> datetime:
        """When the keyed hash was committed: from then on nothing brings the answer back."""
        return datetime.fromisoformat(self.begun_at)

    @property
    def is_unplaced(self) -> bool:
        """Whether it is not finished, and what was found of the answer told no day and no unit."""
        return self.finished_at is None and any(self.found.values()) and not self.places

    def as_json(self) -> str:
        """The proof as it is kept."""
        kept = {name: value for name, value in asdict(self).items() if name != "places" or self.finished_at is None}
        return json.dumps(kept, ensure_ascii=False, indent=1)


def read_proof(text: str) -> Proof:
    """A proof that was kept."""
    given = json.loads(text)
    return Proof(**given | {"places": tuple(map(tuple, given.get("places", ())))})


def proof_file(home: Path, proof: Proof) -> Path:
    """Where the file of a proof stands, once everything is done."""
    return home / FOLDER / f"{proof.erasure_id}.json"


def write_proof_file(home: Path, proof: Proof) -> Path:
    """Write the proof where an operator finds it, for its owner alone."""
    file = proof_file(home, proof)
    file.parent.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    draft = file.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE), "w", encoding="utf-8") as into:
        into.write(proof.as_json() + "\n")
    draft.replace(file)
    return file
