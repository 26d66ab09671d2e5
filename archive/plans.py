"""The known plans, read from plans.toml: tables ``[[plan]]`` with slug, year, page, titles, descriptions."""

import tomllib
from pathlib import Path

from archive.errors import DamagedArchive
from archive.languages import INTERFACE_LANGUAGES
from archive.records import Plan

PLANS_FILE = Path(__file__).with_name("plans.toml")


def load_plans(path: Path = PLANS_FILE) -> tuple[Plan, ...]:
    """The plans in `path`, by year.

    Raises:
        DamagedArchive: the file is missing or is not as described above.
    """
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("plan", [])
        plans = [_plan(row) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedArchive(f"The list of plans, {path.name}, cannot be used: {error!r}.") from error
    if len({plan.slug for plan in plans}) < len(plans):
        raise DamagedArchive(f"Two plans in {path.name} have the same slug.")
    return tuple(sorted(plans, key=lambda plan: (plan.year, plan.slug)))


def _plan(row: dict[str, object]) -> Plan:
    return Plan(
        slug=_text(row["slug"]),
        year=int(str(row["year"])),
        titles=_by_language(row["titles"]),
        descriptions=_by_language(row["descriptions"]),
        page=_text(row["page"]),
    )


def _by_language(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise TypeError("titles and descriptions are tables")
    return {language: _text(value[language]) for language in INTERFACE_LANGUAGES}


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError("a text is missing or empty")
    return value
