"""Scores beside the barometer of their sector, where that was asked in the same way: same scale, same version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.mirror_pages.records import Estimate, SectorScore
from pipelines.reflection import Scored, against
from pipelines.warehouse.tables import mirror, publication

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from symetrie.questionnaires import Questionnaire

LEGS: Mapping[str, str] = {"client": "", "employee": "own_", "perceived": "perceived_"}
"""The side of a score, and how the key of its question begins."""


def sector_scores(connection: sa.Connection, settings: Settings, as_of: date) -> Mapping[str, Sequence[SectorScore]]:
    """Give the scores of a day's mirror that a benchmark of the settings matches, by unit."""
    if not settings.benchmarks:
        return {}
    found: dict[str, list[SectorScore]] = defaultdict(list)
    mirrored = sa.select(mirror, publication.c.questionnaire_version).join(
        publication, publication.c.publication_id == mirror.c.publication_id
    )
    asked_of_clients = [
        settings.questionnaires[each.questionnaire] for each in settings.sources if each.side == "client"
    ]
    for row in connection.execute(mirrored.where(mirror.c.as_of == as_of)):
        for side, prefix in LEGS.items():
            score, low, high = (getattr(row, f"{side}_{name}") for name in ("score", "low", "high"))
            asked = asked_of_clients if side == "client" else [settings.questionnaires[row.questionnaire_version]]
            how = _asked_how(asked, prefix + row.measure)
            if low is None or how is None:
                continue
            sector = settings.network.unit(row.unit_id).sector
            of_others = against(Scored(sector, side, row.measure, *how), settings.benchmarks)
            if of_others is not None:
                estimate = Estimate(score, low, high)
                found[row.unit_id].append(
                    SectorScore(
                        side, row.measure, estimate, of_others.sector, of_others.score_pct, of_others.year,
                        of_others.source,
                    )
                )  # fmt: skip
    return found


def _asked_how(asked: Sequence[Questionnaire], key: str) -> tuple[str, str] | None:
    """The scale and the version that answered a question; None where it was asked in several ways, or not at all."""
    ways = {(question.scale, each.version) for each in asked for question in each.questions if question.measure == key}
    scales = {scale for scale, _ in ways}
    if len(scales) != 1:
        return None
    return scales.pop(), ways.pop()[1] if len(ways) == 1 else ""
