"""What looks for findings: each finder looks at business dates on its own, and is looked at again when they change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

import sqlalchemy as sa

from symetrie.alerts.finding import Finding

if TYPE_CHECKING:
    from pipelines.settings import Settings


class Finder(Protocol):
    """Gives what some business dates show; the same data give the same findings, in whatever order days are asked."""

    @property
    def name(self) -> str:
        """Under which its findings stand."""
        ...

    @property
    def reach_days(self) -> int:
        """How many days after a day that has changed may show something else too."""
        ...

    def __call__(self, connection: sa.Connection, settings: Settings, days: Sequence[date]) -> list[Finding]: ...
