"""`symetrie warehouse`: the schema, the consistency and the readers' copy of the warehouse."""

from __future__ import annotations

import typer

from pipelines.cli.options import ConfigOption

app = typer.Typer(no_args_is_help=True, help="Migrate the warehouse, check it, publish its readers' copy.")


@app.command("migrate")
def migrate(config: ConfigOption = None) -> None:
    """Bring the schema forward; every command does so by itself on first use.

    Example: symetrie warehouse migrate
    """
    from pipelines.settings import load_settings
    from pipelines.steps import opened
    from pipelines.warehouse.migrate import current_revision

    with opened(load_settings(config)) as warehouse:
        typer.echo(f"The warehouse is at revision {current_revision(warehouse)}.")


@app.command("check")
def check(config: ConfigOption = None) -> None:
    """Check that the ledger conserves, that keys are unique, and that counts are those of the answers.

    Example: symetrie warehouse check
    """
    from pipelines.settings import load_settings
    from pipelines.steps import opened
    from pipelines.warehouse.check import problems

    with opened(load_settings(config)) as warehouse:
        found = problems(warehouse)
    for problem in found:
        typer.echo(problem, err=True)
    if found:
        raise typer.Exit(1)
    typer.echo("The warehouse is consistent.")


@app.command("snapshot")
def snapshot(config: ConfigOption = None) -> None:
    """Publish the read-only copy of `mart` anew (DuckDB); new scores and new summaries do so by themselves.

    Example: symetrie warehouse snapshot
    """
    from pipelines.settings import load_settings
    from pipelines.steps import opened

    settings = load_settings(config)
    with opened(settings) as warehouse, warehouse.publishing(refreshes_readers=False):
        warehouse.write_snapshot()
    typer.echo(f"Published under {settings.home / 'published'}." if warehouse.dialect == "duckdb" else "Nothing to do.")
