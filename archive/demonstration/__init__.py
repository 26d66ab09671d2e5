"""The demonstration collection: what the archive shows when nothing else has been added.

The official documents are not ours to ship, so this collection was written for this project. Each of its
pages says that it is not the official document. README.md says how it is made.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from archive.records import Description

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class DemonstrationDocument:
    """A PDF of the collection and what is to be said of it when it is added."""

    path: Path
    description: Description


def collection() -> list[DemonstrationDocument]:
    """The documents of the collection, by year, as collection.toml lists them."""
    with (FOLDER / "collection.toml").open("rb") as file:
        rows = tomllib.load(file)["document"]
    return [DemonstrationDocument(FOLDER / row.pop("file"), Description(**row)) for row in rows]
