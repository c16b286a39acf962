"""What must come out of the pulse: who is planted, how strongly clients feel the climate, each campaign's counts."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from pipelines.demo.answers import Company
from pipelines.demo.climate import STRENGTH
from pipelines.demo.double_ecoute import ESTIMATES, expected
from pipelines.demo.marks import CUTS, POSITION
from pipelines.demo.network import PARTNER_POINTS
from pipelines.demo.placing import replace_text
from pipelines.demo.pulse.campaigns import DemoCampaign, opened
from pipelines.demo.pulse.levels import BLIND_SPOT, CLIMATE_SPREAD, PARTNER_SHIFT, true_pct
from pipelines.demo.pulse.people import Person, person
from pipelines.demo.pulse.questions import ITEMS, MEASURES, VERSION, questions_of
from pipelines.demo.pulse.rows import REASONS, SPOILS, counted
from pipelines.demo.pulse.teams import NOWHERE
from pipelines.demo.rows import Rows
from pipelines.demo.seasons import busyness
from symetrie.correlation import pearson
from symetrie.measures import Side, measure

CLIENT_DAYS = 91  # of clients' answers that are held against a campaign, as the settings have it
DECIMALS = 3


def planted_record(company: Company, until: date) -> dict[str, list[str]]:
    """List everybody who may stand in a file up to a day, by what of them stands there."""
    rosters = [company.teams.of_campaign(each.number) for each in opened(company.plan, until)]
    numbers = np.unique(np.concatenate([each.person for each in (company.teams.of_campaign(0), *rosters)]))
    people = [person(int(number)) for number in numbers]
    kinds = [field.name for field in fields(Person)]
    return {f"{kind}s": sorted({getattr(each, kind) for each in people}) for kind in kinds}


def strengths_record(company: Company) -> dict[str, Any]:
    """Write down every known strength that the answers were drawn with."""
    teams = company.teams
    return {
        "client_follows_climate": STRENGTH,
        "climate_spread": CLIMATE_SPREAD,
        "partner": {
            "unit_ids": teams.unit_ids[teams.is_partner].tolist(),
            "team_shift": PARTNER_SHIFT,
            "client_points": PARTNER_POINTS,
        },
        "blind_spot": BLIND_SPOT,
        "double_ecoute": {"estimates_by_client_mark": ESTIMATES, **expected(company)},
    }


def write_campaign(company: Company, each: DemoCampaign, rows: Rows, path: Path) -> None:
    """Write the truth of a campaign, a unit on a line."""
    counts, levels = _counts(company, each, rows), _levels(company, each)
    record = _head(company, each, rows) | {"true_correlation": _correlations(levels)}
    head = json.dumps(record, indent=2, ensure_ascii=False).removesuffix("\n}")
    tables = {"units": counts, "true_levels": levels}
    body = "".join(f',\n  "{name}": {{\n{_lines(table)}\n  }}' for name, table in tables.items())
    replace_text(path, f"{head}{body}\n}}\n")


def _lines(table: Mapping[str, Any]) -> str:
    return ",\n".join(f"    {json.dumps(key)}: {json.dumps(value)}" for key, value in table.items())


def _head(company: Company, each: DemoCampaign, rows: Rows) -> dict[str, Any]:
    refused = Counter(SPOILS[spoil] for spoil in rows["spoil"].tolist() if spoil >= 0 and REASONS[SPOILS[spoil]])
    kept = counted(rows)
    return {
        "campaign_id": each.id,
        "opens_on": each.opens_on.isoformat(),
        "closes_on": each.closes_on.isoformat(),
        "questionnaire": VERSION,
        "received_count": len(rows),
        "quarantined": {str(REASONS[kind]): refused[kind] for kind in SPOILS if refused[kind]},
        "superseded_count": len(rows) - refused.total() - len(kept),
        "respondent_count": len(kept),
        "unknown_relation_count": int((rows["spoil"] == SPOILS.index("unknown_relation")).sum()),
        "moved": _moved(company, each),
    }


def _moved(company: Company, each: DemoCampaign) -> list[dict[str, str]]:
    """List the people who were elsewhere in the campaign before."""
    if each.number == 0:
        return []
    roster, unit_ids = company.teams.invited(each.number), company.teams.unit_ids
    has_moved = (roster.unit_before != NOWHERE) & (roster.unit_before != roster.unit)
    return [
        {"login": person(int(number)).login, "from": unit_ids[former], "to": unit_ids[unit]}
        for number, former, unit in zip(
            roster.person[has_moved], roster.unit_before[has_moved], roster.unit[has_moved], strict=True
        )
    ]


def _counts(company: Company, each: DemoCampaign, rows: Rows) -> dict[str, Any]:
    """Count for every unit who was invited and answered, and per measure the answers and the favourable ones."""
    unit_ids, kept = company.teams.unit_ids, counted(rows)
    invited = np.bincount(company.teams.invited(each.number).unit, minlength=len(unit_ids))
    respondents = np.bincount(kept["unit"], minlength=len(unit_ids))
    found: dict[str, Any] = {
        unit_id: {"invited": int(many), "respondents": int(of_them), "employee": {}, "perceived": {}}
        for unit_id, many, of_them in zip(unit_ids, invited, respondents, strict=True)
        if many
    }
    for side, key in MEASURES:
        kinds = [np.bincount(kept["unit"][kind], minlength=len(unit_ids)) for kind in _kinds(side, key, kept)]
        for unit_id, counts in zip(unit_ids, np.array(kinds).T.tolist(), strict=True):
            if unit_id in found:
                found[unit_id][side][key] = counts
    return found


def _kinds(side: Side, key: str, kept: Rows) -> Sequence[NDArray[np.bool_]]:
    """Tell of each answer whether it is one, whether it is favourable and, for eNPS, whether it is a detractor's."""
    if key == "engagement":
        marks = np.column_stack([kept[item] for item in ITEMS]).astype(np.int64)
        answered = (marks > 0).sum(axis=1)
        return answered > 0, (answered > 0) & (np.where(marks > 0, marks, 0).sum(axis=1) >= 4 * answered)
    scored, marks = measure(side, key), kept[questions_of(side, key)[0]]
    answered = marks >= scored.lowest
    kinds = [answered, answered & (marks >= scored.favourable_from)]
    return [*kinds, answered & (marks <= scored.unfavourable_to)] if key == "enps" else kinds


def _levels(company: Company, each: DemoCampaign) -> dict[str, Any]:
    """Give the true level of each site: of its team, and of its clients in the days held against the campaign."""
    true, clients = true_pct(company), _client_pct(company, each)
    return {
        unit_id: {
            "employee": {key: _rounded(levels[at]) for (side, key), levels in true.items() if side == "employee"},
            "perceived": {key: _rounded(levels[at]) for (side, key), levels in true.items() if side == "perceived"},
            "client": {key: _rounded(levels[at]) for key, levels in clients.items()},
        }
        for at, unit_id in enumerate(company.site_ids)
        if not np.isnan(clients["overall"][at])
    }


def _client_pct(company: Company, each: DemoCampaign) -> dict[str, NDArray[np.float64]]:
    """Give the expected score of each site and measure over the days of clients, its changes among them."""
    first = max(company.plan.anchor, each.closes_on - timedelta(days=CLIENT_DAYS - 1))
    days = [first + timedelta(days=number) for number in range((each.closes_on - first).days + 1)]
    sums, weights = np.zeros((len(company.site_ids), len(POSITION))), np.zeros(len(company.site_ids))
    for day in days:
        weight = busyness(day) * company.network.exists_on(day)
        sums += weight[:, None] * _scores(company.levels(day).astype(np.float64))
        weights += weight
    with np.errstate(invalid="ignore"):
        means = sums / weights[:, None]
    return {key: means[:, position] for key, position in POSITION.items()}


def _scores(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    scores = 100 * ndtr(levels)
    nps = levels[:, POSITION["nps"]]
    scores[:, POSITION["nps"]] = 100 * (ndtr(nps - CUTS["0-10"][8]) - ndtr(CUTS["0-10"][6] - nps))
    return np.asarray(scores)


def _correlations(levels: Mapping[str, Any]) -> dict[str, float | None]:
    """Correlate over the sites what is true: engagement with each of the clients' measures, and like with like."""
    own = [key for side, key in MEASURES if side == "employee" and key not in ("enps", "engagement")]
    pairs = [("overall", "engagement"), ("nps", "engagement"), *((key, key) for key in own)]
    sites = levels.values()
    return {
        f"{felt}~{lived}": _rounded(
            pearson([site["client"][felt] for site in sites], [site["employee"][lived] for site in sites])
        )
        for felt, lived in pairs
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), DECIMALS)
