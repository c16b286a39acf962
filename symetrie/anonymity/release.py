"""The one door: which figures of the employees may leave, of every unit and of every cut, and how exactly."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd

from symetrie.anonymity.blocks import COVERAGE, IN_NO_BLOCK, Codes, codes, form_blocks
from symetrie.anonymity.rule import AnonymityRule
from symetrie.anonymity.telling import Pieces, tell_above, tell_blocks

SUBJECT = ["side", "measure"]
PARTS = ("favourable", "unfavourable")
OPERATED_BY = "operated_by"  # the cut that a unit has, not a person
WHOLE = ""  # the cut of a unit's whole figure
KEY = ["unit_id", "cut", "cut_value", *SUBJECT]
WIDEST_ANSWERS, WIDEST_SHARE = 4, 0.1
"""What may be left open of a figure that is shown at all: so many answers, or so large a share of them."""

TOO_FEW, WOULD_TELL = "too_few", "would_tell"
HIDDEN_REASONS: Mapping[str, Mapping[str, str]] = MappingProxyType({
    TOO_FEW: {
        "fr": "Moins de {floor} réponses : le résultat n'est pas affiché, pour que chacun reste anonyme.",
        "en": "Fewer than {floor} answers: not shown, so that everyone stays anonymous.",
    },
    WOULD_TELL: {
        "fr": "Pas affiché : avec les résultats voisins, on pourrait deviner qui a répondu quoi.",
        "en": "Not shown: with the results beside it, one could guess who answered what.",
    },
})  # fmt: skip


def hidden_reason(reason: str, locale: str, rule: AnonymityRule) -> str:
    """Say in ``fr`` or ``en`` why a figure is hidden.

    >>> hidden_reason("too_few", "en", AnonymityRule())
    'Fewer than 5 answers: not shown, so that everyone stays anonymous.'
    """
    return HIDDEN_REASONS[reason][locale].format(floor=rule.floor)


def release(
    groups: pd.DataFrame,
    ancestors: pd.DataFrame,
    *,
    cuts: Sequence[str] = (),
    rule: AnonymityRule = AnonymityRule(),  # noqa: B008 - frozen
) -> pd.DataFrame:
    """Decide what may leave of the answers of one campaign that were never told before.

    ``groups``: one row per finest group and measure, with unit_id, a column per cut, side, measure, answer_count,
    favourable_count and unfavourable_count (nan where it is not told, as of everything but the eNPS).
    ``ancestors``: unit_id, ancestor_id and depth, the unit itself at 0, as `core.unit_ancestor` on the day.

    Gives one row per unit, cut (``""`` for the whole unit), cut_value, side and measure: total_count (private),
    answer_count (of these, what the figure stands on), favourable_low and favourable_high (what is told of the
    favourable ones), the same of the unfavourable ones, and hidden_reason, missing where the figure may be shown.
    Where there is a reason none of the counts may leave.

    A team of three is hidden, and beside it the smaller of the others, from which the region's figure would tell:

    >>> groups = pd.DataFrame({"unit_id": ["a", "b", "c"], "side": "employee", "measure": "trust",
    ...     "answer_count": [3, 6, 9], "favourable_count": [2, 3, 5], "unfavourable_count": float("nan")})
    >>> ancestors = pd.DataFrame([("a", "a", 0), ("b", "b", 0), ("c", "c", 0), ("a", "r", 1), ("b", "r", 1),
    ...     ("c", "r", 1)], columns=["unit_id", "ancestor_id", "depth"])
    >>> cells = release(groups, ancestors).set_index("unit_id")
    >>> cells["hidden_reason"].fillna("shown").to_dict()
    {'a': 'too_few', 'b': 'would_tell', 'c': 'shown', 'r': 'shown'}
    >>> cells.loc["r", ["answer_count", "favourable_low", "favourable_high"]].astype(int).tolist()
    [18, 10, 10]
    """
    told = with_blocks(groups, ancestors, cuts, rule)
    cells = pd.concat([_cells(told, ancestors, cut) for cut in (WHOLE, *cuts)])
    for part in PARTS:
        asked = told[(told["block"] != IN_NO_BLOCK) & told[f"{part}_count"].notna()].reset_index(drop=True)
        cells = cells.merge(_ranges(asked, ancestors, cuts, part, rule), on=KEY, how="left")
    cells = cells.astype({f"{part}_{end}": "float64" for part in PARTS for end in ("low", "high")})
    return cells.assign(hidden_reason=_reasons(cells, rule)).reset_index(drop=True)


def with_blocks(
    groups: pd.DataFrame, ancestors: pd.DataFrame, cuts: Sequence[str], rule: AnonymityRule
) -> pd.DataFrame:
    """Give the groups that answered, each with its block, -1 where it is in none."""
    told = groups[groups["answer_count"] > 0].reset_index(drop=True)
    for cut in cuts:
        told[cut] = told[cut].fillna(WHOLE)
    answered = told["answer_count"].to_numpy(dtype=np.int64)
    levels = [codes(*columns) for columns in _levels(told, ancestors, cuts)]
    return told.assign(block=form_blocks(answered, codes(*(told[name] for name in SUBJECT)), levels, rule.floor))


def _levels(told: pd.DataFrame, ancestors: pd.DataFrame, cuts: Sequence[str]) -> Iterator[list[pd.Series]]:
    """Where each group stands, from the finest: itself, its unit, and every unit above, each by operator first."""
    own = [told[cut] for cut in cuts if cut != OPERATED_BY]
    for length in range(len(own), 0, -1):
        yield [told["unit_id"], *own[:length]]
    for place in paths(told["unit_id"], ancestors):
        if OPERATED_BY in cuts:
            yield [place, told[OPERATED_BY]]
        yield [place]


def paths(unit_ids: pd.Series, ancestors: pd.DataFrame) -> list[pd.Series]:
    """Give the unit each one stands under, from the deepest level of the tree to its top; a higher one stays itself."""
    asked = ancestors[ancestors["unit_id"].isin(unit_ids.unique())]
    height = asked.groupby("unit_id")["depth"].transform("max") - asked["depth"]  # steps below the top
    wide = asked.assign(height=height).pivot(index="unit_id", columns="height", values="ancestor_id")
    filled = wide.sort_index(axis=1).ffill(axis=1)
    return [unit_ids.map(filled[level]) for level in reversed(filled.columns)]


def placed_inside(rows: pd.DataFrame, ancestors: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Give each row under every unit above it, with whether all of its block lies in that place (unit and keys)."""
    placed = rows.merge(ancestors[["unit_id", "ancestor_id"]], on="unit_id")
    whole = rows.groupby("block")["answer_count"].sum()
    here = placed.groupby(["ancestor_id", *keys, "block"])["answer_count"].transform("sum")
    is_inside = (placed["block"] != IN_NO_BLOCK) & (here == placed["block"].map(whole))
    return placed.assign(is_inside=is_inside)


def _cells(told: pd.DataFrame, ancestors: pd.DataFrame, cut: str) -> pd.DataFrame:
    """Every figure that there is: how many answered, and how many of them stand in blocks that lie wholly inside."""
    keys = ["ancestor_id", "cut_value", *SUBJECT]
    placed = placed_inside(told.assign(cut_value=told[cut] if cut else WHOLE), ancestors, ["cut_value"])
    if cut:
        placed = placed[(placed["cut_value"] != WHOLE) & _is_divided(placed, cut)]
    total = placed.groupby(keys)["answer_count"].sum().rename("total_count")
    inside = placed[placed["is_inside"]].groupby(keys)["answer_count"].sum().reindex(total.index, fill_value=0)
    return pd.concat([total, inside], axis=1).reset_index().rename(columns={"ancestor_id": "unit_id"}).assign(cut=cut)


def _is_divided(placed: pd.DataFrame, cut: str) -> "pd.Series[bool]":
    """Whether a unit holds more than one value of a cut: of one only, the cut is the unit itself."""
    return placed.groupby("ancestor_id")[cut].transform("nunique") > 1


def _ranges(
    told: pd.DataFrame, ancestors: pd.DataFrame, cuts: Sequence[str], part: str, rule: AnonymityRule
) -> pd.DataFrame:
    """What is told of one part of the answers: of every cut that people have, then of every unit, upwards."""
    if told.empty:
        return pd.DataFrame(columns=[*KEY, f"{part}_low", f"{part}_high"])
    blocks = told.groupby("block")[["answer_count", f"{part}_count"]].sum()
    count = blocks[f"{part}_count"].to_numpy(dtype=np.int64)
    rows = told.assign(block=pd.Index(told["block"]).map(pd.Series(range(len(blocks)), index=blocks.index)))
    pieces, ranges = tell_blocks(count, blocks["answer_count"], rule), []
    for cut in cuts:
        if cut != OPERATED_BY:
            ranges += [_sums(rows, pieces, place, cut, part) for place in paths(rows["unit_id"], ancestors)]
    own = [OPERATED_BY] if OPERATED_BY in cuts else []
    for place in paths(rows["unit_id"], ancestors):
        pieces = tell_above(count, pieces, _place_of_block(rows.assign(place=place), ["place", *own], len(blocks)))
        ranges += [_sums(rows, pieces, place, cut, part) for cut in (WHOLE, *own)]
    if own:  # operators have a tree of teams each, which meet at the top only
        pieces = tell_above(count, pieces, _place_of_block(rows.assign(place=place), ["place"], len(blocks)))
        ranges.append(_sums(rows, pieces, place, WHOLE, part))
    # A unit that stands higher than others was told at each level below, of its own people only: the last is whole.
    return pd.concat(ranges).drop_duplicates(KEY, keep="last")


def _place_of_block(rows: pd.DataFrame, keys: Sequence[str], block_count: int) -> Codes:
    """The place that each block lies in; one that reaches beyond a single place is its own."""
    places = pd.Series(codes(*(rows[key] for key in (*SUBJECT, *keys))), index=rows["block"].to_numpy())
    first, last = (getattr(places.groupby(level=0), each)().reindex(range(block_count)) for each in ("min", "max"))
    own = -1 - np.arange(block_count, dtype=np.int64)
    return np.where(first == last, first.fillna(0).to_numpy(dtype=np.int64), own)


def _sums(rows: pd.DataFrame, pieces: Pieces, place: pd.Series, cut: str, part: str) -> pd.DataFrame:
    """What is told of each place, and value of a cut: the sum of its pieces."""
    named = rows.assign(unit_id=place, cut=cut, cut_value=rows[cut] if cut else WHOLE)
    is_one = named.groupby("block")[["unit_id", "cut_value"]].transform("nunique").eq(1).all(axis=1)
    piece = pieces.piece_of[named["block"]]
    found = named.loc[is_one, KEY].assign(piece=piece[is_one]).drop_duplicates()
    ends = {f"{part}_low": pieces.low[found["piece"]], f"{part}_high": pieces.high[found["piece"]]}
    return found.assign(**ends).groupby(KEY, as_index=False)[[*ends]].sum()


def _reasons(cells: pd.DataFrame, rule: AnonymityRule) -> "pd.Series[str]":
    is_few = cells["total_count"] < rule.floor
    is_covered = cells["answer_count"] >= COVERAGE * cells["total_count"]
    reasons = pd.Series(np.where(is_few, TOO_FEW, WOULD_TELL), index=cells.index, dtype="str")
    return reasons.mask(~is_few & is_covered & is_close(cells) & ~_narrows(cells))


def is_close(cells: pd.DataFrame) -> "pd.Series[bool]":
    """Say of each figure whether so little is left open that it is worth showing."""
    widths = [cells[f"{part}_high"] - cells[f"{part}_low"] for part in PARTS]
    widest = np.maximum(WIDEST_ANSWERS, WIDEST_SHARE * cells["answer_count"])
    return pd.concat(widths, axis=1).max(axis=1) <= widest


def _narrows(cells: pd.DataFrame) -> "pd.Series[bool]":
    """Whether one part narrows what is told of the other, since nobody is both: where hardly anybody is in between."""
    favourable = cells["favourable_high"] > cells["answer_count"] - cells["unfavourable_low"]
    return favourable | (cells["unfavourable_high"] > cells["answer_count"] - cells["favourable_low"])
