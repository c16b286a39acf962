"""`symetrie pulse`: the campaigns of the teams, and what of them is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipelines.cli.options import ConfigOption, DateOption, UnitOption, day, only_root
from pipelines.cli.screen import console, table
from pipelines.errors import SymetrieError

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pipelines.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The pulse of the teams: campaigns, and what of them is published.")


@app.command("list")
def list_campaigns(config: ConfigOption = None) -> None:
    """List the campaigns, who answered, and what has been published of each.

    Example: symetrie pulse list
    """
    from pipelines.settings import load_settings
    from pipelines.steps import opened
    from pipelines.warehouse.pulse_standing import standing_of

    settings = load_settings(config)
    if not settings.campaigns:
        console().print("There is no campaign: name their file in pulse.campaigns_csv, see docs/settings.md")
        return
    numbers = ("answers", "invited", "publications", "waiting")
    shown = table("campaign", "opens", "closes", *numbers, "state", numbers=numbers)
    today = day(None, settings.network.timezone_of(settings.network.roots[0]))
    with opened(settings) as warehouse, warehouse.reading() as connection:
        for campaign in settings.campaigns:
            found = standing_of(connection, campaign.id)
            state = "to come" if campaign.opens_on > today else "open" if campaign.closes_on > today else "closed"
            shown.add_row(
                campaign.id,
                str(campaign.opens_on),
                str(campaign.closes_on),
                _few(found.counted_count + found.waiting_count, settings.pulse.floor),
                f"{sum(campaign.headcounts.values()):,}" if campaign.has_headcounts else "not known",
                str(found.publication_count),
                _few(found.waiting_count, settings.pulse.floor),
                state,
            )
    console().print(shown)


@app.command("show")
def show(
    campaign: Annotated[str, typer.Argument(help="Identifier of the campaign, see symetrie pulse list.")],
    unit: UnitOption = None,
    locale: Annotated[Literal["fr", "en"], typer.Option("--locale", help="Language of names and reasons.")] = "en",
    config: ConfigOption = None,
) -> None:
    """Print what the newest publication of a campaign tells of a unit, or why it tells nothing.

    Example: symetrie pulse show 2026-q1 --unit M001 --locale fr
    """
    from pipelines.settings import load_settings
    from pipelines.steps import opened

    settings = load_settings(config)
    asked = settings.campaign(campaign)
    unit_id = settings.network.unit(unit or only_root(settings.network.roots)).id
    with opened(settings) as warehouse, warehouse.reading() as connection:
        _print_publication(connection, settings, asked.id, unit_id, locale)


@app.command("publish")
def publish(
    campaign: Annotated[list[str] | None, typer.Argument(help="Only these campaigns; by default all.")] = None,
    date: DateOption = None,
    config: ConfigOption = None,
) -> None:
    """Publish what may be told of campaigns that have closed, and of answers that came later.

    Example: symetrie pulse publish 2026-q1
    """
    from pipelines import steps
    from pipelines.settings import load_settings

    settings = load_settings(config)
    last = day(date, settings.network.timezone_of(settings.network.roots[0]))
    run_id = steps.start_run(settings, last)
    published = steps.publish_pulse(settings, last, run_id, campaign_ids=campaign or ())
    for each in published:
        line = f"{each.publication_id}: {each.shown_count:,} figures shown, {each.hidden_count:,} hidden"
        console().print(line, markup=False)
    if not published:
        console().print("Nothing to publish: no campaign has closed, or too few new answers wait (symetrie pulse list)")


def _few(count: int, floor: int) -> str:
    """A number of answers, where it is one that may be said."""
    return f"{count:,}" if count == 0 or count >= floor else f"fewer than {floor}"


def _print_publication(
    connection: sa.Connection, settings: Settings, campaign_id: str, unit_id: str, locale: str
) -> None:
    from pipelines.pulse.publishing import rule_of
    from pipelines.warehouse.pulse_standing import newest_publication, told_of
    from symetrie.anonymity import hidden_reason
    from symetrie.measures import measure

    newest = newest_publication(connection, campaign_id)
    if newest is None:
        raise SymetrieError(f"campaign {campaign_id}: nothing is published yet; see `symetrie pulse list`")
    title = f"{settings.network.unit(unit_id).name}, {newest.campaign_name}: publication {newest.publication_id}"
    console().print(title, style="bold", markup=False)
    numbers = ("answers", "score", "interval")
    shown = table("side", "measure", *numbers, "reading", numbers=numbers)
    for row in told_of(connection, newest.publication_id, unit_id):
        name = measure(row.side, row.measure).label(locale)
        if row.is_hidden:
            shown.add_row(row.side, name, "", "", "", hidden_reason(row.hidden_reason, locale, rule_of(settings.pulse)))
            continue
        answers = "1 answer" if row.precision_count == 1 else f"{row.precision_count} answers"
        close = f"to within {answers}" if row.precision_count else ""
        reading = ", ".join(filter(None, (row.verdict, row.sample_tier, close)))
        interval = "" if row.low is None else f"{row.low:.0f}–{row.high:.0f}"
        shown.add_row(row.side, name, f"{row.answer_count:,}", f"{row.score:.1f}", interval, reading)
    console().print(shown)
