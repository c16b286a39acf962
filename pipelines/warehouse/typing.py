"""Names for SQLAlchemy's generic types, as loosely as the warehouse needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from typing import TypeAlias

    AnySelect: TypeAlias = sa.Select[*tuple[Any, ...]]
    AnyCompoundSelect: TypeAlias = sa.CompoundSelect[*tuple[Any, ...]]
    AnyRow: TypeAlias = sa.Row[*tuple[Any, ...]]
