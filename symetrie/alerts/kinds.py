"""The lanes and kinds of alerts, in the order in which people read them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import get_args

from symetrie.alerts.finding import Kind, Lane

LANES: tuple[Lane, ...] = get_args(Lane)
"""A client who waits comes first; an absence says nothing about anybody yet."""

KINDS: tuple[Kind, ...] = get_args(Kind)

LANE_OF: Mapping[Kind, Lane] = MappingProxyType(
    {
        "unhappy_client": "case",
        "fall": "signal",
        "rise": "signal",
        "source_late": "news",
        "source_silent": "news",
        "unit_quiet": "news",
        "unit_surge": "news",
        "participation_low": "news",
    }
)
"""A kind belongs to one lane: bad scores and missing ones are never mixed."""
