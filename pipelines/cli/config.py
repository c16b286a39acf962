"""`symetrie config`: are the settings right, and their schema for editors."""

from __future__ import annotations

import typer

from pipelines.cli.options import ConfigOption

app = typer.Typer(no_args_is_help=True, help="Check the settings; print their JSON schema.")


@app.command("check")
def check(config: ConfigOption = None) -> None:
    """Say whether the settings are right; every problem is named with its file, line and key.

    Example: symetrie config check --config symetrie.yaml
    """
    from pipelines.settings import load_settings

    settings = load_settings(config)
    typer.echo(
        f"{settings.path}: right. {len(settings.network.unit_ids)} units, {len(settings.sources)} sources, "
        f"{len(settings.recipients)} recipients."
    )


@app.command("schema")
def schema() -> None:
    """Print the JSON schema of symetrie.yaml, for editors.

    Example: symetrie config schema > symetrie.schema.json
    """
    import json

    from pipelines.settings import settings_json_schema

    typer.echo(json.dumps(settings_json_schema(), indent=2, ensure_ascii=False))
