"""The label's criteria in words: whether they are met, what decides, and how probable it is that they truly hold."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.mirror_pages.page import LabelBlock
from pipelines.mirror_pages.records import LabelFigures, Leg, Mirror
from pipelines.mirror_pages.telling.words import SOLID_LINE, MirrorWords
from symetrie.dimensions import DIMENSIONS
from symetrie.label import MEAN_LINE
from symetrie.measures import client_measure

TONES = {"met": "yes", "met_with_margin": "yes", "not_met": "no", None: "not_enough"}

STEP = 5
"""Chances in 100: the probability is known in such steps, and is never told as nil or as certain."""


def label_block(mirror: Mirror, words: MirrorWords) -> LabelBlock | None:
    """The block of the label; none where the campaign did not ask all eleven dimensions and says nothing of it."""
    label, say = mirror.label, words.language.say
    if label is None and mirror.campaign.dimension_count < len(DIMENSIONS):
        return None
    state = label.state if label else None
    said = (*_binding(label, mirror, words), *_probability(label, words)) if label else ()
    return LabelBlock(
        title=say("mirror.label.title"),
        state=say(f"mirror.label.state.{state or 'untold'}"),
        tone=TONES[state],
        sentences=(say("mirror.label.rule"), *(said or (say("mirror.label.incomplete"),))),
        means=tuple(_means(label, words)) if label else (),
        owner=say("mirror.label.owner"),
        version=say("mirror.label.version", version=label.settings_version) if label else "",
    )


def _binding(label: LabelFigures, mirror: Mirror, words: MirrorWords) -> Iterator[str]:
    if label.binding_measure is None or label.binding_side is None:
        return
    said = {
        "measure": words.name_inside(label.binding_side, label.binding_measure),
        "side": words.language.say(f"mirror.label.side.{label.binding_side}"),
    }
    leg = _leg(mirror, label.binding_side, label.binding_measure)
    if label.state is None:
        yield words.language.say("mirror.label.open", **said)
    elif leg is None or leg.estimate is None:
        yield words.language.say("mirror.label.binding", **said)
    else:
        score = words.score(client_measure(label.binding_measure), leg.estimate.score)
        yield words.language.say("mirror.label.binding_score", **said, score=score)
        if label.state == "not_met" and leg.estimate.score > SOLID_LINE:
            yield words.language.say("mirror.label.mean_fails")


def _leg(mirror: Mirror, side: str, key: str) -> Leg | None:
    line = next((line for line in mirror.dimensions if line.measure == key), None)
    if line is None:
        return None
    return line.client if side == "client" else line.employee


def _probability(label: LabelFigures, words: MirrorWords) -> Iterator[str]:
    if label.probability is None:
        return
    chances = round(100 * label.probability / STEP) * STEP
    if chances >= 100:
        yield words.language.say("mirror.label.probability.most", chances=100 - STEP)
    elif chances <= 0:
        yield words.language.say("mirror.label.probability.least", chances=STEP)
    else:
        yield words.language.say("mirror.label.probability.about", chances=chances)


def _means(label: LabelFigures, words: MirrorWords) -> Iterator[tuple[str, str]]:
    """The three means; the first beside the line of 70 %."""
    spoken, line = words.language, float(100 * MEAN_LINE)
    means = {"all": label.mean_pct, "client": label.client_mean_pct, "employee": label.employee_mean_pct}
    for name, value in means.items():
        written = spoken.say("mirror.label.mean.untold") if value is None else spoken.percent(value, line)
        yield spoken.say(f"mirror.label.mean.{name}"), written
