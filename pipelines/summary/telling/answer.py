"""The morning answer in words: the window it stands on, its change, and what can still be corrected."""

from __future__ import annotations

from pipelines.summary.figures import Change, Figures, UnhappyClients
from pipelines.summary.telling.scores import ScoreWords
from pipelines.summary.telling.when import When
from symetrie.verdicts import ENOUGH_ANSWERS


def capitalised(sentence: str) -> str:
    """The sentence with its first letter as a capital, the rest as it is."""
    return sentence[:1].upper() + sentence[1:]


def say_date(figures: Figures, when: When) -> str:
    """The day, or the days, that the answers were given on."""
    language, day = when.language, figures.business_date
    if figures.answer.window_days == 1:
        return language.say("unit.date", day=language.dated(day))
    return language.say("unit.span", span=when.span(figures.answer.window_days), year=day.year)


def say_window(figures: Figures, words: ScoreWords, when: When) -> str:
    """Which window was used and why, where it was not the day alone."""
    answer, language = figures.answer, words.language
    if answer.answer == "not_enough":
        counts = capitalised(words.satisfied(answer))
        return language.say("answer.window.silent", counts=counts, days=answer.window_days, enough=ENOUGH_ANSWERS)
    if answer.window_days == 1:
        return ""
    return language.say(
        "answer.window.fallback",
        days=answer.window_days,
        enough=ENOUGH_ANSWERS,
        when=when.that_day(),
        received=language.count("answer.received", figures.yesterday.answer_count),
    )


def trend(change: Change) -> str:
    """Up or down only where the whole interval of the change says so."""
    if change.low is None or change.high is None:
        return "unknown"
    if change.low > 0:
        return "up"
    return "down" if change.high < 0 else "uncertain"


def say_change(figures: Figures, words: ScoreWords) -> str:
    """The change against the 28 days before, or why there is none to give."""
    change, language = figures.change, words.language
    if figures.answer.answer == "not_enough":
        return ""
    if change.points is None or change.low is None or change.high is None or change.before_score is None:
        return language.say("change.unknown", answers=words.answers(change.before.answer_count))
    direction = trend(change)
    before_score = words.score(figures.answer.measure, change.before_score)
    before_answers = words.answers(change.before.answer_count)
    return language.say(
        f"change.{direction}",
        points=language.points(change.points, with_sign=direction == "uncertain"),
        before=language.say("change.before", score=before_score, answers=before_answers),
        low=language.signed(change.low, 0.0),
        high=language.signed(change.high, 0.0),
    )


def say_correction(figures: Figures, words: ScoreWords, when: When) -> str:
    """How many unhappy clients of the day can still be contacted."""
    language, day = words.language, when.that_day()
    if figures.unhappy.client_count:
        clients = language.count("correct.unhappy", figures.unhappy.client_count, when=day)
        return _say_reach(figures.unhappy, words, clients)
    if not figures.yesterday.answer_count:
        return language.say("correct.silent", when=day)
    return language.say("correct.none", when=day, answers=words.answers(figures.yesterday.answer_count))


def _say_reach(unhappy: UnhappyClients, words: ScoreWords, clients: str) -> str:
    if not unhappy.asked_count:
        return words.language.count("correct.unasked", unhappy.client_count, unhappy=clients)
    if unhappy.client_count == 1:
        reach = "only" if unhappy.contactable_count else "unreachable"
        return words.language.say(f"correct.reach.{reach}", unhappy=clients)
    if unhappy.contactable_count == unhappy.client_count:
        return words.language.say("correct.reach.all", unhappy=clients)
    return words.language.count("correct.reach", unhappy.contactable_count, unhappy=clients)
