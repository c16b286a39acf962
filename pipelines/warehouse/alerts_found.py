"""What days show, into `ops`: the findings of a finder on the days it has looked at are always replaced whole."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipelines.errors import SymetrieError
from pipelines.warehouse.tables import alert_cause, alert_finding
from pipelines.warehouse.temporary import temporary_table
from symetrie.alerts.identity import cause_id

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.warehouse.base import Warehouse
    from pipelines.warehouse.typing import AnySelect
    from symetrie.alerts.finding import Cause, Finding

DAY = "datetime64[us]"
SHOWN = ("business_date", "cause_id", "severity", "size_points", "evidence", "is_over")


def as_json(value: Mapping[str, Any]) -> str:
    """A text that is the same for the same content."""
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True, allow_nan=False)


def replace_findings(
    warehouse: Warehouse,
    connection: sa.Connection,
    finder: str,
    days: Sequence[date],
    findings: Sequence[Finding],
) -> set[str]:
    """Put what a finder has found on some days in the place of what it had found; gives the causes that differ."""
    _refuse_what_is_odd(finder, days, findings)
    ids = {cause: cause_id(cause) for cause in {finding.cause for finding in findings}}
    remember_causes(warehouse, connection, ids)
    before = sa.and_(alert_finding.c.finder == finder, alert_finding.c.business_date.in_(days))
    columns = [sa.Column(name, alert_finding.c[name].type) for name in SHOWN]
    with temporary_table(connection, "incoming_finding", *columns) as incoming:
        if findings:
            warehouse.load(connection, incoming, _frame(findings, ids))
        former = sa.select(*(alert_finding.c[name] for name in SHOWN)).where(before)
        differing = set(connection.scalars(_differing(sa.select(incoming), former)))
        if differing:
            connection.execute(sa.delete(alert_finding).where(before))
            names = [*SHOWN, "finder"]
            connection.execute(
                sa.insert(alert_finding).from_select(names, sa.select(incoming, sa.literal(finder, sa.Text)))
            )
    return differing


def remember_causes(warehouse: Warehouse, connection: sa.Connection, ids: Mapping[Cause, str]) -> None:
    """Remember what findings are about; a cause that was known stays as it is."""
    if not ids:
        return
    import pandas as pd

    rows = [(id_, each.lane, each.kind, each.unit_id, each.measure, each.subject) for each, id_ in ids.items()]
    columns = [sa.Column(column.name, column.type) for column in alert_cause.columns]
    with temporary_table(connection, "incoming_cause", *columns) as incoming:
        warehouse.load(connection, incoming, pd.DataFrame(rows, columns=alert_cause.columns.keys()))
        known = sa.select(alert_cause.c.cause_id)
        new = sa.select(incoming).where(incoming.c.cause_id.not_in(known))
        connection.execute(sa.insert(alert_cause).from_select(alert_cause.columns.keys(), new))


def _differing(after: AnySelect, before: AnySelect) -> AnySelect:
    """The causes of which one of the two shows what the other does not."""
    gone, come = sa.except_(before, after).subquery("gone"), sa.except_(after, before).subquery("come")
    both = sa.union(sa.select(gone.c.cause_id), sa.select(come.c.cause_id)).subquery("both")
    return sa.select(both.c.cause_id)


def _refuse_what_is_odd(finder: str, days: Iterable[date], findings: Sequence[Finding]) -> None:
    """A finder that tells of other days, or of one cause twice a day, would be remembered wrongly."""
    if stray := {finding.business_date for finding in findings}.difference(days):
        raise SymetrieError(f"alerts: finder {finder} was not asked for {min(stray)}; nothing was remembered")
    counted = Counter((finding.business_date, finding.cause) for finding in findings)
    if twice := [(day, cause) for (day, cause), count in counted.items() if count > 1]:
        day, cause = min(twice)
        raise SymetrieError(
            f"alerts: finder {finder} found one {cause.kind} of unit {cause.unit_id} twice on {day};"
            " nothing was remembered"
        )


def _frame(findings: Sequence[Finding], ids: Mapping[Cause, str]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        (each.business_date, ids[each.cause], each.severity, each.size_points, as_json(each.evidence), each.is_over)
        for each in findings
    ]
    frame = pd.DataFrame(rows, columns=list(SHOWN))
    return frame.astype({"business_date": DAY, "size_points": "float64"})
