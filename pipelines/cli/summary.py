"""`symetrie summary`: the answer to "were my clients happy yesterday?"."""

from __future__ import annotations

from datetime import date as date_type
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipelines.cli.options import ConfigOption, DateOption, UnitOption, day, only_root
from pipelines.cli.screen import console

if TYPE_CHECKING:
    from pipelines.settings import Settings


def summary(
    date: DateOption = None,
    unit: UnitOption = None,
    locale: Annotated[
        Literal["fr", "en"] | None, typer.Option("--locale", help="Language; by default that of the settings.")
    ] = None,
    form: Annotated[Literal["text", "html", "json"], typer.Option("--format", help="What to print.")] = "text",
    config: ConfigOption = None,
) -> None:
    """Print the morning answer of a unit: were its clients happy yesterday, how sure is it, what to look at first.

    Example: symetrie summary --unit M001 --locale en
    """
    from pipelines.settings import load_settings

    settings = load_settings(config)
    asked = settings.network.unit(unit or only_root(settings.network.roots))
    show(settings, day(date, asked.timezone), asked.id, locale, form)


def show(
    settings: Settings,
    business_date: date_type,
    unit_id: str | None = None,
    locale: str | None = None,
    form: str = "text",
) -> None:
    """Print the morning answer of a unit, by default of the whole network."""
    from pipelines.steps import opened
    from pipelines.summary import collect_figures, render_html, render_json, render_text, unit_page

    asked = unit_id or only_root(settings.network.roots)
    language = locale or settings.locale
    today = day(None, settings.network.timezone_of(asked)) + timedelta(days=1)
    with opened(settings) as warehouse:
        figures = collect_figures(warehouse, settings, business_date, [asked])[asked]
    if form == "text":
        screen = console()
        screen.print(render_text(figures, language, read_on=today), soft_wrap=True)
        page = unit_page(settings.home, business_date, asked, language)
        if page.exists():
            screen.print(f"\n{page.as_uri()}", soft_wrap=True)
    else:
        render = render_html if form == "html" else render_json
        typer.echo(render(figures, language, read_on=today))
