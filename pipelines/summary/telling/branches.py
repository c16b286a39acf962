"""The units below in words: how many gave each answer, and where to look first."""

from __future__ import annotations

from pipelines.summary.cleaning import clean
from pipelines.summary.figures import Branch, ChildAnswer
from pipelines.summary.language import Language
from pipelines.summary.page import BranchBlock, ChildLine
from pipelines.summary.telling.scores import ScoreWords
from pipelines.summary.telling.when import When
from symetrie.verdicts import MorningAnswer

TALLIED = ("no", "mixed", "yes", "not_enough")


def branch_block(branch: Branch, words: ScoreWords, when: When) -> BranchBlock:
    """One level below: its tally, the units to look at first, and how many others there are."""
    language = words.language
    hidden = branch.unit_count - len(branch.first)
    return BranchBlock(
        tally=language.say(
            "branch.all",
            count=count_of_kind(branch.kind, branch.unit_count, language),
            tally=_tally(branch, words),
        ),
        lines=tuple(child_line(child, words, when) for child in branch.first),
        more=language.count("branch.more", hidden) if hidden and branch.first else "",
    )


def count_of_kind(kind: str, count: int, language: Language) -> str:
    """How many units of a kind: 31 sites; a kind that the language has no word for counts as units."""
    known = kind if f"branch.count.{kind}.one" in language.texts else "unit"
    return language.count(f"branch.count.{known}", count)


def _tally(branch: Branch, words: ScoreWords) -> str:
    counts = ((answer, branch.tally.get(answer, 0)) for answer in TALLIED)
    return ", ".join(words.language.count(f"answer.tally.{answer}", count) for answer, count in counts if count)


def child_line(child: ChildAnswer, words: ScoreWords, when: When) -> ChildLine:
    """A unit by its answer, with the figures behind it."""
    answer = child.answer
    return ChildLine(
        unit_id=child.unit_id,
        name=clean(child.name),
        answer=words.language.say(f"answer.short.{answer.answer}"),
        tone=answer.answer,
        detail=_detail(answer, words, when),
    )


def _detail(answer: MorningAnswer, words: ScoreWords, when: When) -> str:
    language, answers = words.language, words.answers(answer.answer_count)
    is_one_day = answer.window_days == 1
    period = when.that_day() if is_one_day else language.say("branch.period", days=answer.window_days)
    numbers = words.numbers(answer)
    if numbers is None:
        return language.say("branch.few", answers=answers, period=period)
    return language.say(
        "branch.detail",
        score=numbers.score,
        range=words.range(numbers),
        answers=answers,
        period=period,
    )
