import json
import re
from importlib.resources import files
from pathlib import Path

from pipelines.demo.pulse.people import FIRST_NAMES, person
from pipelines.demo.settings_file import DIRECTOR, REGIONAL_MANAGERS, SHOP_MANAGERS


def test_nobody_shares_an_address_or_a_login() -> None:
    people = [person(number) for number in range(20_000)]
    assert len({each.email for each in people}) == len({each.login for each in people}) == 20_000


def test_the_people_of_a_usual_company_have_a_last_name_each() -> None:
    assert len({person(number).last_name for number in range(576)}) == 576


def test_addresses_belong_to_nobody_and_logins_are_told_from_words() -> None:
    for number in (0, 75, 575, 576, 9_999):
        assert re.fullmatch(r"[a-z]+\.[a-z]+\d*@equipe\.example\.com", person(number).email)
        assert re.fullmatch(r"[a-z]{5,7}\d{4}", person(number).login)


def test_the_names_stand_in_no_other_text_of_the_demo() -> None:
    """Whoever searches for them in what came out of a run finds these people and nobody else."""
    data = files("pipelines.demo").joinpath("data")
    texts = [each.read_text("utf-8") for each in data.iterdir()] + [DIRECTOR, *REGIONAL_MANAGERS, *SHOP_MANAGERS]
    everything = "\n".join(texts).casefold()
    names = {*FIRST_NAMES, *(person(number).last_name for number in range(576))}
    assert [name for name in names if name.casefold() in everything] == []


def test_everybody_in_a_file_is_listed_as_planted(demo: Path) -> None:
    planted = {
        kind: set(values) for kind, values in json.loads((demo / "truth/pulse/planted.json").read_text()).items()
    }
    assert set(planted) == {"first_names", "last_names", "emails", "logins"}
    seen = 0
    for file in (demo / "drops/pouls").glob("*.csv"):
        for line in file.read_text("utf-8-sig").splitlines()[1:]:
            last_name, first_name, email, login, *_ = line.split(";")
            assert last_name in planted["last_names"]
            assert first_name in planted["first_names"]
            assert email in planted["emails"]
            assert login in planted["logins"] | {""}
            seen += 1
    for file in (demo / "drops/double_ecoute").glob("*.csv"):
        for line in file.read_text("utf-8-sig").splitlines()[1:]:
            _, _, _, agent, login, *_ = line.split(";")
            first_name, last_name = agent.split(" ")
            assert last_name in planted["last_names"]
            assert first_name in planted["first_names"]
            assert login in planted["logins"]
            seen += 1
    assert seen > 1_000
