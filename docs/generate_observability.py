"""Writes docs/observability.md, its events read in pipelines/; `--check` only says whether the page is up to date."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple

from generated_page import keep
from pipelines.settings import Retention
from pipelines.warehouse.ledger import Counts

PIPELINES = Path(__file__).parents[1] / "pipelines"
PAGE = Path(__file__).with_name("observability.md")
SPOKEN = {None: "counts", "exc_info": "exception"}  # `**` of the ledger's counts, and what becomes of an exception
LEVELS = ("debug", "info", "warning", "error", "exception")

TEXT = """\
# Observability: what the pipelines tell of themselves

Written by `make docs`: change `docs/generate_observability.py`, or the events themselves.

## Events

A log line is an event: a name (`noun.verb`) and fields. No secret, no words of a client, no id of a person.
Inside a step of a source, every event also carries `run_id`, `source` and `business_date`.

- *Command line*: events go to stderr, as text where a person watches, as JSON lines elsewhere.
  `SYMETRIE_LOG_FORMAT` (`text`, `json`) decides otherwise; `SYMETRIE_LOG_LEVEL` (`DEBUG`, `INFO`, `WARNING`, `ERROR`)
  is `WARNING` by default, and `symetrie --verbose` lowers it to `INFO`.
- *Airflow*: events stand in the log of their task as Airflow configures it, fields and all; nothing is to be set.
- *Secrets*: fields named after one, passwords in URLs, bearer tokens, and every secret of an `AIRFLOW_CONN_…` variable
  are replaced by `***`; under Airflow its own secrets masker does that.
- `run_id` is ours, of the ledger; Airflow's own lines use the same field for its DAG run.
- *Exceptions* are told by their kind and place. Their words may quote what a client wrote, and are shown at level
  `DEBUG` only. Airflow writes the words of the exception that ended a task into its log, whatever we do.

{events}
`counts` stands for {counts}.

## Metrics

The DAGs send numbers through Airflow's own metrics, so they go wherever Airflow's go; the command line sends none.
Names begin with Airflow's prefix, `airflow.` by default.

| name | kind | by | says |
|---|---|---|---|
| `symetrie.rows.<outcome>` | counter | `source` | records of batches published or held: {counts} |
| `symetrie.step.seconds` | gauge | `step`, `source` | how long the step took last |
| `symetrie.freshness.hours` | gauge | `source` | age of the newest answer, after scoring |
| `symetrie.outbox.waiting`, `symetrie.outbox.dead` | gauge | | mails of the day that wait, that were given up |

OpenTelemetry comes with Airflow:

```
AIRFLOW__METRICS__OTEL_ON=True
OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://collector:4318/v1/metrics
OTEL_EXPORTER_OTLP_METRICS_PROTOCOL=http/protobuf
```

StatsD needs the package `statsd` beside Airflow, `AIRFLOW__METRICS__STATSD_ON=True`, and
`AIRFLOW__METRICS__STATSD_INFLUXDB_ENABLED=True` for the tags: without it the sources are one sum.
What is released or discarded later was counted when it came, as held.

## Lineage

Where the OpenLineage provider is installed (extra `server`) and has a transport, each task that reads and writes data
tells its datasets in a `RUNNING` event of the run that its `START` and `COMPLETE` events carry.
A plain `@task` has no operator to ask, so Airflow's provider finds none by itself.

```
AIRFLOW__OPENLINEAGE__TRANSPORT={{"type": "http", "url": "http://marquez:5000"}}
AIRFLOW__OPENLINEAGE__NAMESPACE=symetrie
AIRFLOW__OPENLINEAGE__EXECUTE_IN_THREAD=True
```

The last line matters: by default the provider forks the task to tell that it is over, and an engine's threads do not
survive a fork, so that a `COMPLETE` event gets lost now and then.

| dataset | namespace | name |
|---|---|---|
| a table on PostgreSQL | `postgres://host:5432` | `database.mart.score` |
| a table on DuckDB | `duckdb:///folder/warehouse.duckdb`, as dbt names it | `mart.score` |
| the landing of a source | `file` | `/folder/landing/apres_visite` |
| a source's files | `file`; `s3://bucket`; `gs://bucket`; `file://host` over SFTP | `/drops/*.csv` |
| a source's API | `https://api.example.com` | `/v1/answers` |

| task | reads | writes |
|---|---|---|
| `extract` | the source | its landing |
| `load` | its landing | `core.client_response`, `mart.daily_count`, `ops.quarantine` |
| `score` | `mart.daily_count` | `mart.score` |
| `alert` | `mart.daily_count`, `core.client_response`, `core.invitation_count` | `mart.alert` |
| `write` | `mart.score`, `core.client_response`, `mart.alert` | `mart.summary` |

The asset `client_scores` (`symetrie://mart/score`) is what other DAGs wait for; it is no dataset of OpenLineage.

## What a batch was judged on

Every batch leaves a page under `SYMETRIE_HOME`: `validation/<business date>/<source>-<run>.html`, and the same as JSON.
It says what came of the batch, how many records were received, accepted and quarantined, what Great Expectations
expected of the batch and found, and how many rows failed each expectation: numbers, no answer, no id.
`validation/index.html` has the last one of each source first; `symetrie status` prints where it is.
Pages go after {validation_days} days (`retention.validation_days`).
"""


class Told(NamedTuple):
    """One event somewhere in the code."""

    event: str
    level: str
    fields: tuple[str, ...]


def told(path: Path) -> Iterator[Told]:
    """The events of a file, as its calls of `log` write them."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            continue
        if isinstance(call.func.value, ast.Name) and call.func.value.id == "log" and call.func.attr in LEVELS:
            names = (SPOKEN.get(keyword.arg, str(keyword.arg)) for keyword in call.keywords)
            yield Told(ast.literal_eval(call.args[0]), call.func.attr, tuple(names))


def table(events: list[Told]) -> str:
    """The events by name, each with all its levels and fields."""
    lines = ["| event | level | fields |", "|---|---|---|"]
    for name in sorted({each.event for each in events}):
        same = [each for each in events if each.event == name]
        levels = dict.fromkeys(each.level for each in same)
        names = dict.fromkeys(f"`{field}`" for each in same for field in each.fields)
        lines.append(f"| `{name}` | {', '.join(levels)} | {', '.join(names)} |")
    return "\n".join(lines) + "\n"


def page() -> str:
    """The whole page."""
    events = sorted(event for path in sorted(PIPELINES.rglob("*.py")) for event in told(path))
    return TEXT.format(
        events=table(events),
        counts=", ".join(f"`{field.name}`" for field in fields(Counts)),
        validation_days=Retention().validation_days,
    )


if __name__ == "__main__":
    keep(PAGE, page())
