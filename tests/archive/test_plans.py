"""The known plans."""

from pathlib import Path

import pytest

from archive.errors import DamagedArchive
from archive.languages import INTERFACE_LANGUAGES
from archive.plans import load_plans

_PLAN = """
[[plan]]
slug = "{slug}"
year = {year}
page = "https://a.example/"
[plan.titles]
nl = "een"
fr = "un"
en = "one"
[plan.descriptions]
nl = "een plan"
fr = "un plan"
en = "a plan"
"""


def test_the_six_plans_are_known_in_every_language_of_the_site() -> None:
    plans = load_plans()
    assert [(plan.year, plan.slug) for plan in plans] == [
        (2002, "sociaal-pact"),
        (2005, "contract-economie-tewerkstelling"),
        (2011, "new-deal"),
        (2015, "strategie-2025"),
        (2020, "go4brussels-2030"),
        (2021, "go4brussels-2030-update"),
    ]
    for plan in plans:
        assert set(plan.titles) == set(plan.descriptions) == set(INTERFACE_LANGUAGES)
        assert plan.page.startswith("https://")


def test_plans_come_by_year(tmp_path: Path) -> None:
    path = tmp_path / "plans.toml"
    path.write_text(_PLAN.format(slug="late", year=2020) + _PLAN.format(slug="early", year=1999))
    early, late = load_plans(path)
    assert (early.slug, early.year, early.titles["fr"]) == ("early", 1999, "un")
    assert late.descriptions["en"] == "a plan"


@pytest.mark.parametrize(
    "content",
    [
        "not toml",
        "plan = 3",
        "plan = [3]",
        "[[plan]]\nslug = 'x'",
        _PLAN.format(slug="x", year="'soon'"),
        _PLAN.format(slug="", year=2000),
        _PLAN.format(slug="x", year=2000).replace('fr = "un"', ""),
        _PLAN.format(slug="x", year=2000) * 2,
    ],
)
def test_a_list_that_cannot_be_used_is_said_to_be_so(tmp_path: Path, content: str) -> None:
    path = tmp_path / "plans.toml"
    path.write_text(content)
    with pytest.raises(DamagedArchive, match=r"plans\.toml"):
        load_plans(path)


def test_a_missing_list_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(DamagedArchive, match=r"plans\.toml"):
        load_plans(tmp_path / "plans.toml")
