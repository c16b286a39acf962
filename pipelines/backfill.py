"""`symetrie backfill`: a range of business dates through Airflow's own backfill, asked for over its REST API."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.errors import SymetrieError, Unreachable

if TYPE_CHECKING:
    import requests

    from pipelines.connections import Connection
    from pipelines.ranges import Days

DAG_ID = "client_feedback_daily"
ASK_EVERY_SECONDS = 5.0
"""Time between two looks at the runs; a day takes Airflow a minute or so."""
PAGE_SIZE = 100
"""The API gives no more runs at once."""
TIMEOUT_SECONDS = 60.0
RETRIES = 6
"""With doubling waits about a minute: as long as an API server takes to start again."""
ENDED = ("success", "failed")
CONFLICT, NOT_FOUND = 409, 404


@dataclass(frozen=True)
class Backfill:
    """What Airflow is asked for: every business date of a range, one after the other."""

    days: Days
    reverse: bool = False
    again: bool = False  # also the days whose last run was green

    @property
    def body(self) -> dict[str, Any]:
        """The body of the request.

        Airflow reads the wall clock of the bounds in the time zone of the schedule: whole days, whatever the zone.
        """
        return {
            "dag_id": DAG_ID,
            "from_date": f"{self.days.first}T00:00:00Z",
            "to_date": f"{self.days.last}T23:59:59Z",
            "run_backwards": self.reverse,
            "reprocess_behavior": "completed" if self.again else "failed",
            "max_active_runs": 1,
            "dag_run_conf": {"ask": False},  # a question about one day would keep the next ones waiting
        }


def run_backfill(
    backfill: Backfill, connection: Connection, *, on_progress: Callable[[str, int, int], None]
) -> dict[str, str]:
    """Have Airflow run the days and wait for them; gives how each one ended, by business date."""
    airflow = Airflow(connection)
    airflow.refuse_unless_running()
    airflow.be_patient()
    backfill_id = airflow.create(backfill)
    while True:
        is_over = airflow.is_over(backfill_id)
        states = airflow.states(backfill.days)
        ended = sum(state in ENDED for state in states.values())
        on_progress("days through Airflow", ended, len(backfill.days))
        if is_over and ended == len(states):
            break
        time.sleep(ASK_EVERY_SECONDS)
    if missing := set(map(str, backfill.days)) - set(states):
        raise SymetrieError(f"backfill: Airflow made no run for {', '.join(sorted(missing))}; look at its log")
    return states


class Airflow:
    """Airflow's REST API, as the user of a connection."""

    def __init__(self, connection: Connection) -> None:
        import requests

        scheme = next(word for word in (connection.schema, connection.conn_type, "http") if word in ("http", "https"))
        port = f":{connection.port}" if connection.port else ""
        self.url = f"{scheme}://{connection.host}{port}"
        self._session = requests.Session()
        self._enter(connection)

    def _enter(self, connection: Connection) -> None:
        """Exchange login and password for a token; a password alone is a token, and neither means an open Airflow."""
        token = connection.password
        if connection.login:
            credentials = {"username": connection.login, "password": connection.password}
            token = self._call("POST", "/auth/token", json=credentials)["access_token"]
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def refuse_unless_running(self) -> None:
        """Refuse where runs would be created and never started."""
        if self._call("GET", f"/api/v2/dags/{DAG_ID}")["is_paused"]:
            raise SymetrieError(f"backfill: the DAG {DAG_ID} is paused in Airflow; switch it on first")

    def be_patient(self) -> None:
        """Outlive, from here on, the restart of an API server and the lock of a metadata database on SQLite."""
        from requests.adapters import HTTPAdapter
        from urllib3 import Retry

        retry = Retry(total=RETRIES, backoff_factor=1, status_forcelist=[502, 503, 504], allowed_methods=None)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))

    def create(self, backfill: Backfill) -> int:
        """Create the runs, once it is sure that they are for the dates asked for and no other; gives the backfill's id.

        A backfill of the same dates that is under way, left by a command that was stopped, is taken up.
        """
        whole = backfill.body | {"reprocess_behavior": "completed"}
        planned = self._call("POST", "/api/v2/backfills/dry_run", json=whole)["backfills"]
        if foreign := {run["partition_key"] for run in planned} - set(map(str, backfill.days)):
            raise SymetrieError(
                f"backfill: Airflow would also run {', '.join(sorted(map(str, foreign)))}; nothing was started"
            )
        answer = self._send("POST", "/api/v2/backfills", json=backfill.body)
        made = self._newest() if answer.status_code == CONFLICT else self._content(answer)
        if (made["from_date"][:10], made["to_date"][:10]) != (str(backfill.days.first), str(backfill.days.last)):
            raise SymetrieError("backfill: Airflow is at another one; wait for its end, or cancel it, then run again")
        return int(made["id"])

    def is_over(self, backfill_id: int) -> bool:
        """Whether Airflow has finished a backfill; before, it would begin no other one."""
        return self._call("GET", f"/api/v2/backfills/{backfill_id}")["completed_at"] is not None

    def states(self, days: Days) -> dict[str, str]:
        """How each business date stands: at work while any run of it is, else as the one that ended last."""
        runs = [run for run in self._runs(days) if run["partition_key"]]
        at_work = {run["partition_key"]: run["state"] for run in runs if run["state"] not in ENDED}
        ended = sorted((run for run in runs if run["state"] in ENDED), key=lambda run: run["end_date"])
        return {run["partition_key"]: run["state"] for run in ended} | at_work

    def _newest(self) -> Any:
        """The backfill that was created last: the one under way, where one is."""
        found = self._call("GET", "/api/v2/backfills", params={"dag_id": DAG_ID, "order_by": "-id", "limit": 1})
        return found["backfills"][0]

    def _runs(self, days: Days) -> Iterator[Mapping[str, Any]]:
        asked = {"partition_date_gte": str(days.first), "partition_date_lte": str(days.last), "order_by": "-id"}
        offset, total = 0, 1
        while offset < total:
            page = {"limit": PAGE_SIZE, "offset": offset}
            answer = self._call("GET", f"/api/v2/dags/{DAG_ID}/dagRuns", params=asked | page)
            yield from answer["dag_runs"]
            offset, total = offset + PAGE_SIZE, answer["total_entries"]

    def _call(self, method: str, path: str, **content: Any) -> Any:
        return self._content(self._send(method, path, **content))

    def _send(self, method: str, path: str, **content: Any) -> requests.Response:
        import requests

        try:
            return self._session.request(method, f"{self.url}{path}", timeout=TIMEOUT_SECONDS, **content)
        except requests.RequestException as error:
            raise Unreachable(
                f"backfill: no Airflow answers at {self.url} ({type(error).__name__}); "
                "start it, or correct the connection"
            ) from None

    def _content(self, answer: requests.Response) -> Any:
        if answer.ok:
            return answer.json()
        if answer.status_code == NOT_FOUND:
            raise SymetrieError(
                f"backfill: the Airflow at {self.url} does not know the DAG {DAG_ID}; see docs/airflow.md"
            )
        why = " ".join(answer.text.split())[:300]
        raise SymetrieError(f"backfill: Airflow at {self.url} refuses with {answer.status_code}: {why}")
