"""The question that an operator answers about a batch which the gate holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk.exceptions import AirflowSkipException

VERDICTS: Mapping[str, str] = {"Release": "release", "Discard": "discard", "Keep held": "keep_held"}

SUBJECT = "{{ task.loaded['source'] }}: release or discard the batch of {{ task.loaded['business_date'] }}?"
BODY = """{{ task.loaded.get('held') }}

- **Release** publishes it as it is, and scores again.
- **Discard** gives it up; its pages stay in the landing.
- **Keep held** leaves it to `symetrie batch release` or `discard`.

Nobody waits for the answer: the other sources are scored, and the summaries go out and name this one as held.
"""


class AskAboutHeldBatch(HITLOperator):
    """Ask what becomes of a held batch, for as long as the settings say; skipped where nothing is held."""

    template_fields = ("loaded", *HITLOperator.template_fields)

    def __init__(self, *, loaded: Any, **kwargs: Any) -> None:
        # The time limit is that of the question, which the settings know when it is asked.
        own = {
            "doc_md": str(self.__doc__),
            "execution_timeout": None,
            "on_execute_callback": None,
            "on_failure_callback": None,
        }
        super().__init__(subject=SUBJECT, body=BODY, options=list(VERDICTS), **kwargs | own)
        self.loaded = loaded

    def execute(self, context: Any) -> Any:
        if not self.loaded.get("held"):
            raise AirflowSkipException("nothing is held")
        if not context["params"]["ask"]:
            raise AirflowSkipException("this run asks nobody: see `symetrie batch list`")
        self.defaults = [label for label, verdict in VERDICTS.items() if verdict == self.loaded["default"]]
        self.response_timeout = timedelta(minutes=self.loaded["wait_minutes"])
        return super().execute(context)


def verdict_of(answer: Mapping[str, Any]) -> str:
    """What was chosen, in the words of the pipelines."""
    return VERDICTS[answer["chosen_options"][0]]


def decided_by(answer: Mapping[str, Any]) -> str | None:
    """Who chose; nobody where the time was over."""
    user = answer["responded_by_user"]
    return None if user is None else str(user["name"] or user["id"])


def decided_at(answer: Mapping[str, Any]) -> datetime:
    """When it was chosen."""
    moment = answer["responded_at"]
    return moment if isinstance(moment, datetime) else datetime.fromisoformat(moment)
