"""A house of three shops whose teams are asked, and what their survey tool exports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from pipelines.settings import Settings

HOUSE = """\
network:
  units:
    - {id: chain, kind: network, name: The chain, timezone: Europe/Paris}
    - {id: lyon, kind: site, name: Lyon, parent: chain}
    - {id: lille, kind: site, name: Lille, parent: chain}
    - {id: nice, kind: site, name: Nice, parent: chain, operated_by: partner}
questionnaires:
  short-1:
    own_trust: {field: Q1, scale: one_to_five}
    perceived_trust: {field: Q2, scale: one_to_five}
    perceived_overall: {field: Q3, scale: one_to_five}
    enps: {field: Q4, scale: nps_0_10}
    engagement_1: {field: Q5, scale: one_to_five}
    engagement_2: {field: Q6, scale: one_to_five}
  client-1:
    overall: {field: mark, scale: one_to_five}
    trust: {field: trust, scale: one_to_five}
pulse:
  campaigns_csv: campaigns.csv
  headcounts_csv: headcounts.csv
sources:
  - name: survey
    path: drops/survey/*.csv
    questionnaire: client-1
    settle_seconds: 0
    fields: {response_id: id, unit_id: shop, submitted_at: at}
  - name: pouls
    side: employee
    path: drops/pouls/*
    questionnaire: short-1
    settle_seconds: 0
    date_formats: ["%d/%m/%Y %H:%M"]
    fields: {respondent: Identifiant, unit_id: Magasin, submitted_at: Date, relation: Lien, verbatim: Commentaire}
    relations: {Mes collègues: peers, Mon responsable: manager}
"""
CAMPAIGNS = """\
id,source,opens_on,closes_on,name
autumn,pouls,2026-10-01,2026-10-14,Autumn
winter,pouls,2026-11-02,2026-11-15,Winter
"""
HEADCOUNTS = "campaign_id,unit_id,invited_count\nautumn,lyon,12\nautumn,lille,8\nautumn,nice,3\n"
HEADER = (
    "Nom", "Prénom", "E-mail", "Identifiant", "Magasin", "Date", "Lien", "Q1", "Q2", "Q3", "Q4", "Q5", "Q6",
    "Commentaire",
)  # fmt: skip
PLANTED = ("Kowalczyk", "Bérangère", "b.kowalczyk@example.com", "bkowalczyk7", "10:42")

Row = Sequence[Any]
House = Callable[..., Settings]


def answer(
    person: str, shop: str = "lyon", at: str = "05/10/2026 10:42", *, marks: str = "4 4 4 9 5 4", **more: str
) -> Row:
    """What one person answered, as the tool exports it, with everything it knows of them."""
    link, words = more.get("link", "Mon responsable"), more.get("words", "")
    return ("Kowalczyk", "Bérangère", "b.kowalczyk@example.com", person, shop, at, link, *marks.split(), words)


LAST = date(2026, 11, 20)
