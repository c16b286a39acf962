"""What the teams are asked: the shipped pulse of the eleven dimensions, its questions known by their number."""

from pipelines.demo.apres_visite import AGREEMENT
from symetrie.measures import ENGAGEMENT, Side
from symetrie.questionnaires import questionnaire
from symetrie.questions import asked

VERSION = "pouls-1"  # of the demo: the questions of the shipped one, under other names of fields
QUESTIONS = questionnaire("pulse-eleven-1").measures
ITEMS = tuple(key for key in QUESTIONS if asked(key).measure is ENGAGEMENT)

FIELDS = {key: f"Q{number}" for number, key in enumerate(QUESTIONS, start=1)}
WORDED = tuple(key for key in QUESTIONS if key.startswith("own_"))  # the others are answered with the mark itself
WORDS = dict.fromkeys(WORDED, AGREEMENT)
SCALES = {
    key: "agreement_words" if key in WORDED else "nps_0_10" if key == "enps" else "one_to_five" for key in QUESTIONS
}
MEASURES = tuple(dict.fromkeys((asked(key).measure.side, asked(key).measure.key) for key in QUESTIONS))


def questions_of(side: Side, measure: str) -> tuple[str, ...]:
    """Give the questions that count for a measure: one, or the items of engagement."""
    return tuple(key for key in QUESTIONS if (asked(key).measure.side, asked(key).measure.key) == (side, measure))
