"""What agents note at the end of a call, 1 to 4: how satisfied the client will be; exported once the survey is back."""

import csv
import io
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from pipelines.demo.answers import PLAIN, Company, draw_code
from pipelines.demo.deliveries import Delivery
from pipelines.demo.marks import CUTS
from pipelines.demo.pulse.people import person
from pipelines.demo.rows import Rows
from pipelines.demo.sources import APRES_VISITE, SHOP_HOURS

NAME, SUFFIX = "double_ecoute", "csv"
ENCODING, NEWLINE = "utf-8-sig", "\r\n"
HEADER = (
    "N° contact", "Date du contact", "Code magasin", "Agent", "Identifiant agent", "Satisfaction estimée", "N° réponse",
)  # fmt: skip

PHONE = tuple(APRES_VISITE.channels).index("Téléphone")
NOTED_SHARE = 0.8  # of the calls that were answered about
UNANSWERED_SHARE = 0.08  # as many again, of which no client has answered
MOST_AGENTS = 3  # of a site

# How often an agent gives 1, 2, 3 or 4, by the mark that the client will give: they see the client better than they
# are. The fifth answer of the client, none at all, is rated as a 3.
ESTIMATES = {
    1: (0.36, 0.32, 0.24, 0.08),
    2: (0.20, 0.36, 0.34, 0.10),
    3: (0.06, 0.28, 0.50, 0.16),
    4: (0.02, 0.12, 0.56, 0.30),
    5: (0.01, 0.05, 0.38, 0.56),
}
USUAL_MARK = 3
MINUTES_BEFORE = np.timedelta64(600, "s")  # the call ends before the client answers


def draw_contacts(company: Company, delivery: Delivery) -> pd.DataFrame:
    """Draw the calls behind a day's plain answers by telephone, in the order of their numbers."""
    rows, day = delivery.rows, delivery.day
    random = company.plan.random(13, day.toordinal())
    is_call = (rows["cohort"] == PLAIN) & (rows["channel"] == PHONE) & (rows["spoil"] < 0)
    calls = np.sort(rows[is_call], order="number")
    calls = calls[random.random(len(calls)) < NOTED_SHARE]
    answered = np.repeat([True, False], [len(calls), round(UNANSWERED_SHARE * len(calls))])
    calls = np.concatenate([calls, calls[: int((~answered).sum())]])
    overall = np.where(answered & (calls["overall"] > 0), calls["overall"], 0)
    return pd.DataFrame(
        {
            "contact_id": [f"TEL-{day:%y%m%d}-{number:05d}" for number in range(1, len(calls) + 1)],
            "contact_at": _moments(calls, random),
            "unit_id": company.site_ids[calls["site"]],
            "agent": _agents(company, delivery, calls, random),
            "agent_estimate": _estimates(overall, random),
            "client_response_id": _response_ids(calls, answered),
            "client_overall": pd.Series(overall, dtype="Int8").mask(overall == 0),
        }
    )


def as_bytes(contacts: pd.DataFrame) -> bytes:
    """Write contacts as a file."""
    text = io.StringIO(newline="")
    lines = csv.writer(text, delimiter=";", lineterminator=NEWLINE)
    lines.writerow(HEADER)
    people = [person(int(number)) for number in contacts["agent"]]
    lines.writerows(
        zip(
            contacts["contact_id"],
            contacts["contact_at"].dt.strftime("%d/%m/%Y %H:%M"),
            contacts["unit_id"],
            (f"{each.first_name} {each.last_name}" for each in people),
            (each.login for each in people),
            contacts["agent_estimate"],
            contacts["client_response_id"],
            strict=True,
        )
    )
    return text.getvalue().encode(ENCODING)


def truth_of(contacts: pd.DataFrame) -> str:
    """Write what is to be found of the contacts, without the agents; the client's mark is blank where there is none."""
    days = contacts["contact_at"].dt.strftime("%Y-%m-%d")
    columns = ["contact_id", "unit_id", "business_date", "agent_estimate", "client_response_id", "client_overall"]
    return str(contacts.assign(business_date=days)[columns].to_csv(index=False, lineterminator="\n"))


def expected(company: Company) -> dict[str, float]:
    """Give what a great many contacts would show, an agent's 3 and 4 and a client's 4 and 5 being favourable."""
    below = ndtr(np.array(CUTS["1-5"])[:, None] - ndtri(company.network.quality_pct / 100))
    shares = np.diff(below, prepend=0, append=1, axis=0)  # of the marks 1 to 5, by site
    mark = shares @ company.network.rates / max(company.network.rates.sum(), 1e-9)
    trusted = np.array([sum(ESTIMATES[each][2:]) for each in sorted(ESTIMATES)])  # agent's 3 or 4
    agent, both = float(mark @ trusted), float(mark[3:] @ trusted[3:])
    client = float(mark[3:].sum())
    return {
        "matched_pct": 100 * (both + 1 - agent - client + both),
        "bias_points": 100 * (agent - client),
        "false_confidence_pct": 100 * float(mark[:2] @ trusted[:2]) / agent if agent else 0.0,
    }


def _moments(calls: Rows, random: np.random.Generator) -> NDArray[np.datetime64]:
    """Draw when the clients called: on the day that they say, before they answered."""
    seconds = 3600 * draw_code(SHOP_HOURS, len(calls), random).astype(np.int64) + random.integers(0, 3600, len(calls))
    called = calls["visited"].astype("datetime64[s]") + seconds.astype("timedelta64[s]")
    return np.asarray(np.minimum(called, calls["submitted"] - MINUTES_BEFORE))


def _agents(company: Company, delivery: Delivery, calls: Rows, random: np.random.Generator) -> NDArray[np.int32]:
    """Draw who of the site's team answered the telephone: one of the few who do."""
    roster = company.teams.on(delivery.day)
    in_teams = roster.person[np.lexsort((roster.person, roster.unit))]
    sizes = np.bincount(roster.unit, minlength=len(company.teams.unit_ids))
    firsts = np.cumsum(sizes) - sizes
    at_phone = np.minimum(sizes[calls["site"]], MOST_AGENTS)
    return np.asarray(in_teams[firsts[calls["site"]] + (random.random(len(calls)) * at_phone).astype(np.int64)])


def _estimates(overall: NDArray[np.int8], random: np.random.Generator) -> NDArray[np.int64]:
    until = np.cumsum([ESTIMATES[mark] for mark in sorted(ESTIMATES)], axis=1)
    mark = np.where(overall > 0, overall, USUAL_MARK).astype(np.int64)
    return np.asarray(1 + (random.random(len(mark))[:, None] >= until[mark - 1, :-1]).sum(axis=1))


def _response_ids(calls: Rows, answered: NDArray[np.bool_]) -> Sequence[str]:
    """Name the client's answers; those that were never given have a number of their own kind."""
    letters = np.where(answered, "A", "N")
    days = calls["day"].tolist()
    return [
        f"AV-{day:%y%m%d}-{letter}{number:06d}"
        for day, letter, number in zip(days, letters, calls["number"].tolist(), strict=True)
    ]
