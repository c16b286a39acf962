"""What all tables share: the metadata, the schemas and the few column types."""

from typing import Any

import sqlalchemy as sa

METADATA = sa.MetaData()

PUBLIC_SCHEMA = "mart"
PRIVATE_SCHEMAS = ("core", "ops")
SCHEMAS = (PUBLIC_SCHEMA, *PRIVATE_SCHEMAS)

INSTANT = sa.DateTime(timezone=True)
COUNT = sa.BigInteger
MARK = sa.SmallInteger


def key(name: str, type_: type[sa.types.TypeEngine[Any]] | sa.types.TypeEngine[Any], comment: str) -> sa.Column[Any]:
    """A column of the primary key."""
    return sa.Column(name, type_, primary_key=True, comment=comment)


def required(
    name: str, type_: type[sa.types.TypeEngine[Any]] | sa.types.TypeEngine[Any], comment: str
) -> sa.Column[Any]:
    """A column that always holds a value."""
    return sa.Column(name, type_, nullable=False, comment=comment)


def optional(
    name: str, type_: type[sa.types.TypeEngine[Any]] | sa.types.TypeEngine[Any], comment: str
) -> sa.Column[Any]:
    """A column that may be null."""
    return sa.Column(name, type_, nullable=True, comment=comment)
