"""What is told about a task beside its result: numbers to Airflow's metrics, names of datasets to OpenLineage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.connections import Connections


def observe(context: Any, connections: Connections) -> None:
    """Before a task: send its numbers to Airflow's metrics, and name its datasets where OpenLineage is on."""
    from airflow.sdk.observability.stats import Stats

    from pipelines.metrics import send_to

    send_to(Stats)
    if _lineage_is_on():
        _name_datasets(context["task"], connections)


def _lineage_is_on() -> bool:
    try:
        from airflow.providers.openlineage import conf
    except ImportError:  # the provider is an extra
        return False
    return not conf.is_disabled()


def _name_datasets(task: Any, connections: Connections) -> None:
    from airflow.providers.openlineage.api import emit_dataset_lineage
    from openlineage.client.event_v2 import Dataset

    from pipelines.lineage import flow
    from pipelines.settings import load_settings

    source = next((given for given in task.op_args if isinstance(given, str)), "")
    found = flow(task.task_id.rpartition(".")[-1], load_settings(), source, connections=connections)
    if found:
        emit_dataset_lineage(
            inputs=[Dataset(namespace, name) for namespace, name in found.inputs],
            outputs=[Dataset(namespace, name) for namespace, name in found.outputs],
        )
