"""What may be asked: the key of each question, the column that keeps its marks, and the measure that they count for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from symetrie.measures import CLIENT_MEASURES, EMPLOYEE_MEASURES, ENGAGEMENT, PERCEIVED_MEASURES, Measure

Audience = Literal["clients", "employees"]

# As many as the short Utrecht Work Engagement Scale asks (Schaufeli, Bakker & Salanova 2006).
ENGAGEMENT_ITEM_COUNT = 9


@dataclass(frozen=True, slots=True)
class Asked:
    """What one question asks; only the engagement items share the measure they count for."""

    key: str
    column: str
    measure: Measure

    @property
    def lowest(self) -> int:
        """The lowest mark."""
        return self.measure.lowest

    @property
    def highest(self) -> int:
        """The highest mark."""
        return self.measure.highest

    @property
    def onto(self) -> str:
        """The canonical range that a scale must reach to answer this question, such as ``1-5``."""
        return self.measure.onto

    @property
    def audience(self) -> Audience:
        """Who is asked; what employees think that clients feel is asked of employees."""
        return "clients" if self.measure.side == "client" else "employees"


CLIENT_QUESTIONS: tuple[Asked, ...] = tuple(Asked(each.key, each.column, each) for each in CLIENT_MEASURES)

EMPLOYEE_QUESTIONS: tuple[Asked, ...] = (
    *(
        Asked(f"engagement_{number}", f"engagement_{number}", ENGAGEMENT)
        for number in range(1, ENGAGEMENT_ITEM_COUNT + 1)
    ),
    *(
        Asked(each.column, each.column, each)
        for each in (*EMPLOYEE_MEASURES, *PERCEIVED_MEASURES)
        if each is not ENGAGEMENT
    ),
)

_BY_KEY = {each.key: each for each in (*CLIENT_QUESTIONS, *EMPLOYEE_QUESTIONS)}

QUESTION_KEYS = tuple(_BY_KEY)


def asked(key: str) -> Asked:
    """Find what a question asks by its key; an unknown one is a LookupError naming the known ones.

    >>> asked("own_trust").audience, asked("trust").column, asked("engagement_3").measure.key
    ('employees', 'dim_trust', 'engagement')
    """
    if key not in _BY_KEY:
        clients = ", ".join(each.key for each in CLIENT_QUESTIONS)
        raise LookupError(
            f"no question is called {key!r}; clients are asked {clients}; employees own_ and perceived_ with a"
            f" dimension, perceived_overall, enps, engagement_1 to engagement_{ENGAGEMENT_ITEM_COUNT}"
        )
    return _BY_KEY[key]


def stray(keys: Iterable[str]) -> tuple[str, str] | None:
    """Find the first question that is not for the audience of the first one, and say what to do about it.

    >>> stray(["enps", "own_trust", "trust", "values"])
    ('trust', 'is asked of clients, but enps of employees: make two questionnaires; to employees, the dimensions
      are own_… and perceived_…')
    """
    questions = [asked(key) for key in keys]
    for question in questions:
        if question.audience != questions[0].audience:
            return question.key, (
                f"is asked of {question.audience}, but {questions[0].key} of {questions[0].audience}:"
                " make two questionnaires; to employees, the dimensions are own_… and perceived_…"
            )
    return None
