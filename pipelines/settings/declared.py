"""What the settings declare, for the checks of who names what."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pipelines.settings.sources import Source
from pipelines.settings.units import WrittenUnits
from symetrie.questionnaires import Questionnaire


@dataclass(frozen=True, slots=True)
class Declared:
    """The sources and questionnaires without a mistake, the names of the others too, and the units."""

    sources: Mapping[str, Source]
    source_names: Collection[str]
    questionnaires: Mapping[str, Questionnaire]
    questionnaire_names: Collection[str]
    units: WrittenUnits
