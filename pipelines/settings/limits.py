"""Numbers that a house may set for itself, and how long it keeps things."""

from typing import Annotated

from pydantic import AfterValidator, Field

from pipelines.settings.entry import Entry
from symetrie.windows import WINDOWS


def _with_the_usual(windows: tuple[int, ...]) -> tuple[int, ...]:
    """Refuse windows that leave out one which the morning answer needs, or that reach further than the longest."""
    if missing := sorted(set(WINDOWS) - set(windows)):
        raise ValueError(f"the morning answer also needs {', '.join(map(str, missing))}; add them")
    if any(not 1 <= days <= max(WINDOWS) for days in windows):
        raise ValueError(f"a window has 1 to {max(WINDOWS)} days")
    return tuple(sorted(set(windows)))


Windows = Annotated[tuple[int, ...], AfterValidator(_with_the_usual)]


class Thresholds(Entry):
    """When a row is flagged, and when a batch is warned about or held."""

    bad_share_pct: float = Field(
        default=50,
        gt=0,
        le=100,
        description="A batch with a larger share of refused rows is held, in percent.",
    )
    absent_share_pct: float = Field(
        default=20,
        gt=0,
        le=100,
        description="A pull that would withdraw a larger share of the answers known in its window is held, in percent.",
    )
    volume_low_pct: float = Field(
        default=30, ge=0, le=100, description="Warn below this percent of the source's usual volume of a day."
    )
    volume_high_pct: float = Field(
        default=400, ge=100, description="Warn above this percent of the source's usual volume of a day."
    )
    stale_after_days: int = Field(
        default=3, ge=1, description="A source is stale when its newest answer is more open days older."
    )
    low_mark: int = Field(
        default=2,
        ge=1,
        le=5,
        description="An overall mark up to this is low: a verbatim is expected with it.",
    )
    low_nps: int = Field(default=6, ge=0, le=10, description="The same for the NPS question, 0 to 10.")
    verbatim_max_length: int = Field(
        default=20_000,
        ge=1,
        description="A verbatim with more characters is flagged and cut; the landing keeps it whole.",
    )


class Retention(Entry):
    """How long results stay at their full detail, and what was received at all."""

    score_daily_days: int = Field(
        default=400, ge=182, description="Days for which every day's scores are kept; older ones weekly."
    )
    landing_days: int = Field(
        default=90, ge=1, description="Days for which a page is kept as it was received; then it cannot be replayed."
    )
    quarantine_payload_days: int = Field(
        default=30, ge=1, description="Days for which a record set aside is kept as it was received; its reasons stay."
    )
    staged_days: int = Field(
        default=7, ge=1, description="Days after which what a killed run has staged is removed; held batches stay."
    )
    summary_days: int = Field(
        default=400, ge=1, description="Days for which summaries, pages and the record of mails and messages are kept."
    )
    validation_days: int = Field(
        default=31, ge=1, description="Days for which the page of what a batch was judged on is kept."
    )
