"""Which answers are cases, and the reasons that clients complain of: those of the library, and what a house adds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from pipelines.settings.choices import one_of
from pipelines.settings.entry import Entry, Key, Text
from symetrie.dimensions import DIMENSIONS
from symetrie.measures import NPS, OVERALL

if TYPE_CHECKING:
    from symetrie.complaints.lexicon import Language
    from symetrie.complaints.typology import Typology

DIMENSION_KEYS = tuple(dimension.key for dimension in DIMENSIONS)


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _readable(language: Language) -> Callable[[str], str]:
    def check(written: str) -> str:
        from symetrie.complaints.lexicon import words_of
        from symetrie.complaints.patterns import parse

        parse(written, words_of(language))
        return written

    return check


Texts = BeforeValidator(_listed, json_schema_input_type=str | list[str])
FrenchRules = Annotated[tuple[Annotated[Text, AfterValidator(_readable("fr"))], ...], Texts]
EnglishRules = Annotated[tuple[Annotated[Text, AfterValidator(_readable("en"))], ...], Texts]


class CaseRules(Entry):
    """When an answer is a case; what is left out is as the method has it."""

    overall_up_to: int = Field(
        default=OVERALL.unfavourable_to, ge=1, le=5, description="An overall mark up to this is a case."
    )
    nps_up_to: int = Field(default=NPS.unfavourable_to, ge=0, le=10, description="The same for the NPS question.")
    complaints: tuple[Text, ...] = Field(
        default=("complaint", "claim", "réclamation", "plainte", "insatisfaction", "litige"),
        description="What `contact_reason` says of a complaint, whole; case and accents are not compared.",
    )


class ReasonTitles(Entry):
    """What managers read."""

    fr: Text = Field(description="In French.")
    en: Text = Field(description="In English.")


class ReasonEntry(Entry):
    """A reason of the house, or what it adds to one of ours: what clients write of it, a pattern a line."""

    title: ReasonTitles | None = Field(default=None, description="Its name; a reason of the house needs one.")
    dimension: Annotated[str, AfterValidator(one_of(DIMENSION_KEYS, "dimension"))] | None = Field(
        default=None, description="The one of the eleven dimensions that it speaks of, where there is one."
    )
    is_serious: bool | None = Field(
        default=None, description="Whether it is a case of severity 3 that waits for no lower mark."
    )
    replaces: bool = Field(default=False, description="Whether our own rules of this reason are left out.")
    fr: FrenchRules = Field(default=(), description="What is written of it in French.")
    en: EnglishRules = Field(default=(), description="What is written of it in English.")


class AlertCases(Entry):
    """Cases: unhappy clients who can be contacted, and why they are unhappy."""

    cases: CaseRules = Field(default=CaseRules(), description="Which answers are cases.")
    reasons: Mapping[Key, ReasonEntry] = Field(
        default={}, description="Reasons of complaints by code: new ones, or more of ours (docs/alerts.md)."
    )

    @field_validator("reasons")
    @classmethod
    def _named(cls, reasons: Mapping[str, ReasonEntry]) -> Mapping[str, ReasonEntry]:
        if not reasons:
            return reasons
        from symetrie.complaints.typology import OTHER, default_rules

        if OTHER in reasons:
            raise ValueError(f"cannot hold {OTHER}, which is what no rule finds; choose another code")
        for code, entry in reasons.items():
            if code not in default_rules() and entry.title is None:
                raise ValueError(f"holds {code}, which is none of ours and has no title; add title: {{fr: …, en: …}}")
        return reasons

    def reason_titles(self, locale: str) -> dict[str, str]:
        """Give the names of all reasons by code; reading them builds no rules."""
        from symetrie.complaints.typology import OTHER_REASON, default_reasons

        own = {code: entry.title for code, entry in self.reasons.items() if entry.title is not None}
        titles = {reason.code: reason.title(locale) for reason in (*default_reasons(), OTHER_REASON)}
        return titles | {code: getattr(title, locale) for code, title in own.items()}

    def typology(self) -> Typology:
        """Give the typology of the house; without reasons of its own the shipped one, which is built once."""
        from symetrie.complaints.typology import default_typology

        return default_typology() if not self.reasons else _of_the_house(self.reasons)


def _of_the_house(entries: Mapping[str, ReasonEntry]) -> Typology:
    from symetrie.complaints.typology import Reason, Rules, build_typology, default_reasons, default_rules

    reasons = {reason.code: reason for reason in default_reasons()}
    rules = {code: dict(own) for code, own in default_rules().items()}
    for code, entry in entries.items():
        usual = reasons.get(code)
        titles = usual.titles if entry.title is None and usual is not None else dict(entry.title or {})
        is_serious = entry.is_serious if entry.is_serious is not None else usual is not None and usual.is_serious
        reasons[code] = Reason(code, titles, entry.dimension or (usual.dimension if usual else None), is_serious)
        written: dict[Language, tuple[str, ...]] = {"fr": entry.fr, "en": entry.en}
        ours = {} if entry.replaces else rules.get(code, {})
        rules[code] = {
            language: Rules(ours.get(language, Rules()).says + says, ours.get(language, Rules()).topics)
            for language, says in written.items()
        }
    return build_typology(tuple(reasons.values()), rules)
