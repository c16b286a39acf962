"""What a morning under a whole Airflow tells: events in the log, numbers to a collector, names of datasets."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

DAG_ID = "client_feedback_daily"
pytestmark = pytest.mark.airflow


@dataclass
class Collector:
    """What an OpenTelemetry collector would have received, over HTTP on loopback."""

    url: str = ""
    points: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def take(self, body: bytes) -> None:
        """Keep every number under its name and source."""
        for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
            for metric in (metric for scope in resource.scope_metrics for metric in scope.metrics):
                for point in [*metric.sum.data_points, *metric.gauge.data_points]:
                    tags = {each.key: each.value.string_value for each in point.attributes}
                    of = "/".join(tags[name] for name in ("source", "step") if name in tags)
                    self.points.setdefault((metric.name, of), []).append(point.as_int or point.as_double)


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    """A collector that listens."""
    received = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.take(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        received.url = f"http://127.0.0.1:{server.server_port}/v1/metrics"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield received
        server.shutdown()


@dataclass(frozen=True)
class Watched:
    """A morning that is over, and what was told of it."""

    company: Any
    business_date: str
    collector: Collector
    lineage_file: Path
    log_folder: Path

    @property
    def lineage(self) -> list[dict[str, Any]]:
        """The events that OpenLineage received."""
        return [json.loads(line) for line in self.lineage_file.read_text(encoding="utf-8").splitlines()]

    @property
    def task_log(self) -> list[dict[str, Any]]:
        """The lines of every task's log, as Airflow keeps them."""
        files = sorted(self.log_folder.glob("dag_id=*/**/*.log"))
        return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]

    @property
    def runs(self) -> set[str]:
        """The run in the ledger."""
        return {
            run for (run,) in self.company.rows("SELECT max(run_id) FROM ops.run WHERE pipeline = 'client_feedback'")
        }

    def events(self, name: str) -> list[dict[str, Any]]:
        """The events of a name."""
        return [line for line in self.task_log if line["event"] == name]


@pytest.fixture(scope="module")
def watched(start_scheduler: Any, new_company: Any, collector: Collector, tmp_path_factory: Any) -> Watched:
    """The morning that the scheduler starts by itself, with everybody listening, and silence after it."""
    company, log_folder = new_company(), tmp_path_factory.mktemp("logs")
    lineage_file = tmp_path_factory.mktemp("lineage") / "events.jsonl"
    airflow = start_scheduler(
        {
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO",
            "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(log_folder),
            "AIRFLOW__METRICS__OTEL_ON": "True",
            "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": collector.url,
            "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL": "http/protobuf",
            "AIRFLOW__OPENLINEAGE__NAMESPACE": "symetrie",
            "AIRFLOW__OPENLINEAGE__EXECUTE_IN_THREAD": "True",
            "AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps(
                {"type": "file", "log_file_path": str(lineage_file), "append": True}
            ),
            **company.environment,
        }
    )
    airflow.switch_on(DAG_ID)
    airflow.wait_for("its run", lambda: airflow.call("GET", f"dags/{DAG_ID}/dagRuns")["total_entries"] == 1)
    [run] = airflow.call("GET", f"dags/{DAG_ID}/dagRuns")["dag_runs"]
    assert airflow.wait_for_run(DAG_ID, run["dag_run_id"]) == "success", airflow.logs()
    airflow.stop()
    return Watched(company, run["partition_key"], collector, lineage_file, log_folder)


def last_run(watched: Watched) -> dict[str, tuple[int, int]]:
    """Received and loaded of each source, as the ledger has them."""
    last = "(SELECT max(run_id) FROM ops.run WHERE pipeline = 'client_feedback')"
    rows = watched.company.rows(
        "SELECT source, received_count, loaded_count FROM ops.run "
        f"WHERE pipeline = 'client_feedback' AND run_id = {last}"
    )
    return {source: (received, loaded) for source, received, loaded in rows}


def test_events_stand_in_the_task_log_with_their_fields(watched: Watched) -> None:
    """Not as text to be taken apart: what the ledger says of each source, the log says too."""
    said = {event["source"]: (event["received"], event["loaded"]) for event in watched.events("batch.published")}
    assert said == last_run(watched)
    assert len(said) == 3


def test_every_event_of_a_source_says_its_run_its_source_and_its_day(watched: Watched) -> None:
    runs = watched.runs
    for name in ("source.extracted", "batch.judged", "batch.validated", "batch.published"):
        for event in watched.events(name):
            assert event["business_date"] == watched.business_date
            assert event["run_id"] in runs
            assert event["source"] in last_run(watched)


def test_rows_are_counted_by_source(watched: Watched) -> None:
    points = watched.collector.points
    for source, (received, loaded) in last_run(watched).items():
        assert max(points["airflow.symetrie.rows.received", source]) == received > 0
        assert max(points["airflow.symetrie.rows.loaded", source]) == loaded


def test_each_step_says_how_long_it_took_and_each_source_how_fresh_it_is(watched: Watched) -> None:
    points = watched.collector.points
    for source in last_run(watched):
        assert 0 < max(points["airflow.symetrie.freshness.hours", source]) < 24 * 14
        for step in ("extract_source", "validate_source", "load_batch"):
            assert max(points["airflow.symetrie.step.seconds", f"{source}/{step}"]) > 0
    assert max(points["airflow.symetrie.step.seconds", "score_days"]) > 0


def test_lineage_leads_from_the_landing_to_the_scores(watched: Watched) -> None:
    """Every task's datasets, under the run that its START and COMPLETE events carry."""
    warehouse = f"duckdb://{watched.company.home / 'warehouse.duckdb'}"
    named: dict[str, tuple[set[str], set[str]]] = {}
    for event in watched.lineage:
        if event["inputs"] and event["outputs"]:
            read, written = named.setdefault(event["job"]["name"], (set(), set()))
            read.update(f"{each['namespace']} {each['name']}" for each in event["inputs"])
            written.update(f"{each['namespace']} {each['name']}" for each in event["outputs"])
    landings = {f"file {watched.company.home}/landing/{source}" for source in last_run(watched)}

    assert named["client_feedback_daily.feedback.extract"][1] == landings
    assert named["client_feedback_daily.feedback.load"] == (
        landings,
        {f"{warehouse} {table}" for table in ("core.client_response", "mart.daily_count", "ops.quarantine")},
    )
    assert named["client_feedback_daily.score"] == ({f"{warehouse} mart.daily_count"}, {f"{warehouse} mart.score"})


def test_the_datasets_belong_to_the_run_that_starts_and_completes(watched: Watched) -> None:
    states: dict[str, set[str]] = {}
    for event in watched.lineage:
        if event["job"]["name"] == "client_feedback_daily.score":
            states.setdefault(event["run"]["runId"], set()).add(event["eventType"])
    assert list(states.values()) == [{"START", "RUNNING", "COMPLETE"}]
