"""The pulse of the teams: when it is asked, of how many people, and below how many nothing of it is shown."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from pipelines.settings.entry import Entry, Text

Cut = Literal["operated_by", "relation", "channel"]


def _once_each(cuts: tuple[Cut, ...]) -> tuple[Cut, ...]:
    return tuple(dict.fromkeys(cuts))


class Pulse(Entry):
    """Campaigns, and the floors that keep every employee unknown (method, section 13)."""

    campaigns_csv: Text | None = Field(
        default=None, description="CSV file of the campaigns; needed as soon as a source is of side employee."
    )
    headcounts_csv: Text | None = Field(
        default=None, description="CSV file of how many people were invited, per campaign and unit."
    )
    floor: int = Field(default=5, ge=3, description="A score of employees on fewer answers is hidden.")
    verbatim_floor: int = Field(
        default=8,
        validate_default=True,
        description="Employees' words are hidden below so many answers; at least the floor.",
    )
    unanimity_floor: int = Field(
        default=30,
        validate_default=True,
        description="Below so many answers it is not told that all agree, or all but one or two; at least the floor.",
    )
    publish: Literal["closing", "cadence"] = Field(
        default="closing",
        description="Whether results of a campaign are published when it closes, or as answers come in.",
    )
    cuts: Annotated[tuple[Cut, ...], AfterValidator(_once_each)] = Field(
        default=("operated_by",), description="What employees' scores are broken down by, beside the units."
    )
    label_mean: Literal["all_scores", "each_side"] = Field(
        default="all_scores",
        description="What the label's mean is taken over: the 22 scores together, or each side's eleven.",
    )
    client_days: int = Field(
        default=91, description="Days of clients' answers that are held against a campaign; one of the windows."
    )
    key_days: int = Field(
        default=90,
        ge=0,
        description="Days after closing for which a campaign's key is kept, to recognise who answered.",
    )

    @field_validator("headcounts_csv")
    @classmethod
    def _of_campaigns(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value and info.data.get("campaigns_csv", value) is None:
            raise ValueError("needs campaigns_csv, the file of the campaigns whose headcounts these are")
        return value

    @field_validator("verbatim_floor", "unanimity_floor")
    @classmethod
    def _at_least_the_floor(cls, value: int, info: ValidationInfo) -> int:
        floor = info.data.get("floor", value)
        if value < floor:
            raise ValueError(f"is {value}, below the floor of {floor}; write {floor} or more")
        return value
