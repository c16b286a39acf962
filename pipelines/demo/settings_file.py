"""The settings of the demo: a file that a newcomer copies from."""

from datetime import date
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from pipelines.demo.network import DemoNetwork, Story
from pipelines.demo.pulse.questions import FIELDS, SCALES
from pipelines.demo.towns import NETWORK_ID, NETWORK_NAME, REGIONS

DIRECTOR = "Hélène Castaing"
REGIONAL_MANAGERS = ("Gwenola Le Bihan", "Antoine Delattre", "Samira Benhaddou")
SHOP_MANAGERS = ("Paul Riffaud", "Lucie Garnier", "Emma Wright", "Karim Belkacem", "Maud Tessier", "Jean-Yves Hoarau")
ENGLISH_SPEAKER = "Emma Wright"


def write_settings(network: DemoNetwork, path: Path, *, api_since: date | None, with_pulse: bool) -> None:
    """Write `symetrie.yaml` for a network; with a first day, the survey of the web is asked through its API."""
    template = files("pipelines.demo").joinpath("data/symetrie.yaml.j2").read_text("utf-8")
    environment = Environment(  # noqa: S701 - YAML, not HTML, of our own texts
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    text = environment.from_string(template).render(
        network_name=NETWORK_NAME,
        recipients=_recipients(network),
        api_since=api_since,
        with_pulse=with_pulse,
        pulse_questions=[(key, FIELDS[key], SCALES[key]) for key in FIELDS],
        old_codes={site.kiosk_code: site.id for site in network.sites if site.moves_on},
    )
    path.write_text(text, encoding="utf-8")


def _recipients(network: DemoNetwork) -> list[dict[str, str]]:
    """Name the director, a manager per region, and the managers of shops whose mornings differ."""
    told = dict.fromkeys([*network.plain_sites()[:1], *(change.site for change in network.changes[:3])])
    if network.changes:
        told |= dict.fromkeys(len(network.sites) - story for story in (Story.OVERSEAS, Story.CORNER))
    people = [("director", DIRECTOR, NETWORK_ID, "fr")]
    people += [
        (region.id, manager, region.id, "fr") for region, manager in zip(REGIONS, REGIONAL_MANAGERS, strict=True)
    ]
    people += [
        (site.id.lower(), manager, site.id, "en" if manager == ENGLISH_SPEAKER else "fr")
        for site, manager in zip((network.sites[at] for at in told), SHOP_MANAGERS, strict=False)
    ]
    keys = ("id", "name", "unit", "locale")
    return [dict(zip(keys, person, strict=True)) for person in people]
