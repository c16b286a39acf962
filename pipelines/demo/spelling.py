"""Pieces of SQL that the three formats share, over the relation `named`."""


def is_spoiled(kind: str) -> str:
    """Say whether a row is spoiled in a way."""
    return f"spoil IS NOT DISTINCT FROM '{kind}'"


def response_id(prefix: str) -> str:
    """Write the id of an answer, NULL where it is missing."""
    number = "strftime(day, '%y%m%d') || '-' || letter::VARCHAR || lpad(number::VARCHAR, 6, '0')"
    return f"CASE WHEN {is_spoiled('missing_id')} THEN NULL ELSE '{prefix}-' || {number} END"
