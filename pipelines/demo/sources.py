"""The three sources of the demo, as values: who answers where, when, what, and what goes wrong on the way."""

from dataclasses import dataclass, field

# Weight of each hour of the local day.
EVENING = (0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 5, 5, 6, 6, 5, 5, 6, 8, 11, 13, 13, 9, 4, 1)
DAY_AND_NIGHT = (3, 2, 1, 1, 1, 1, 2, 4, 5, 5, 6, 6, 7, 7, 5, 5, 5, 6, 7, 8, 9, 9, 7, 5)
SHOP_HOURS = (0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 9, 12, 10, 6, 7, 9, 11, 13, 12, 5, 0, 0, 0, 0)

# How answers arrive, beside the plain way, in shares of a day's answers.
LATE, EDITED, REPEATED, TWIN = 1, 2, 3, 4
LATE_DAYS = (0.36, 0.22, 0.15, 0.10, 0.08, 0.05, 0.04)  # of 1 to 7 days
LATER_DAYS = (0.45, 0.25, 0.15, 0.10, 0.05)  # of 1 to 5 days, for what is delivered again

# What spoils a row, with the reason code it is refused with; None when it is accepted as it is.
REASONS: dict[str, str | None] = {
    "unknown_unit": "unknown_unit",
    "missing_unit": "missing_unit",
    "missing_id": "missing_response_id",
    "mark_seven": "answer_outside_scale",
    "year_1980": "impossible_date",
    "year_2099": "future_date",
    "unreadable_date": "unreadable_date",
    "broken_line": "broken_line",
    "before_opening": "unit_not_valid",
    "nul": None,
    "formula": None,
    "unknown_channel": None,
    "very_long": None,
}
SPOILS = tuple(REASONS)
DRAWN_SPOILS = SPOILS[:-1]  # the very long text stands once in all the history
SPOILED_SHARE = 0.0007  # of a day's answers, for each kind


@dataclass(frozen=True, eq=False)
class Source:
    """How one source behaves; each is itself and no other."""

    name: str
    number: int
    suffix: str
    share: float
    measures: tuple[str, ...]
    hours: tuple[int, ...]
    closed_day_factor: float
    fates: dict[int, float]
    spoils: tuple[str, ...]
    channels: dict[str, float]  # the source's own words
    says_dont_know: bool = False
    text_share: dict[str, float] = field(default_factory=dict)  # by mood
    english_share: float = 0.0
    longest_visit_lag: int = 0


APRES_VISITE = Source(
    name="apres_visite",
    number=1,
    suffix="csv",
    share=0.5,
    measures=(
        "overall", "nps", "ces", "autonomy", "cooperation", "competence", "conduct", "consideration", "listening",
        "facilitation", "harmony", "trust", "values", "environment",
    ),
    hours=EVENING,
    closed_day_factor=0.35,
    fates={LATE: 0.03, EDITED: 0.004, REPEATED: 0.006, TWIN: 0.004},
    spoils=DRAWN_SPOILS,
    channels={"Magasin": 0.72, "E-mail": 0.10, "Téléphone": 0.12, "Site internet": 0.06},
    says_dont_know=True,
    text_share={"low": 0.72, "mixed": 0.40, "high": 0.34},
    english_share=0.02,
    longest_visit_lag=4,
)  # fmt: skip

ENQUETE_WEB = Source(
    name="enquete_web",
    number=2,
    suffix="jsonl",
    share=0.3,
    measures=("overall", "nps", "listening", "facilitation", "harmony", "trust", "values", "environment"),
    hours=DAY_AND_NIGHT,
    closed_day_factor=0.7,
    fates={LATE: 0.02, EDITED: 0.015, REPEATED: 0.006, TWIN: 0.004},
    spoils=DRAWN_SPOILS,
    channels={"web": 0.62, "app": 0.38},
    text_share={"low": 0.80, "mixed": 0.45, "high": 0.30},
    english_share=0.12,
    longest_visit_lag=6,
)

BORNES = Source(
    name="bornes",
    number=3,
    suffix="parquet",
    share=0.2,
    measures=("overall", "conduct", "facilitation", "environment"),
    hours=SHOP_HOURS,
    closed_day_factor=0.0,
    fates={LATE: 0.05, REPEATED: 0.006, TWIN: 0.004},
    spoils=("unknown_unit", "missing_unit", "missing_id", "mark_seven", "year_1980", "year_2099", "before_opening"),
    channels={"kiosk": 1.0},
)

SOURCES = (APRES_VISITE, ENQUETE_WEB, BORNES)
