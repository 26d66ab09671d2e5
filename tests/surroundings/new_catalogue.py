"""A new catalogue, made once in a process of tests and copied: to make one takes longer than most tests."""

import tempfile
from functools import cache
from pathlib import Path

from archive.catalogue.catalogue import Catalogue


def put_new_catalogue(file: Path) -> None:
    """Put a catalogue without documents at `file`, unless one is there."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_new_catalogue())


@cache
def _new_catalogue() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "catalogue.sqlite"
        Catalogue.open(f"sqlite:///{file}").close()
        return file.read_bytes()
