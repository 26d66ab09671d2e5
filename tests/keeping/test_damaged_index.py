"""A real `terugblik serve` whose index is damaged: it says so, answers what it can, and comes back."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.index.test_soundness import empty, randomise, spoil_one_byte, truncate
from tests.search_app.server.test_http_server import serving
from tests.surroundings.reading_room import ReadingRoom, fill

LONGEST = 90
"""Seconds in which an index has to be there again, on a computer that has much else to do."""

DOORS = (
    "/nl/search?q=emploi",
    "/fr/search?q=emplio",
    "/nl/search.csv?q=emploi",
    "/nl/search.xlsx?q=emploi",
    "/nl/search.jsonl?q=emploi",
    "/nl/search.atom?q=emploi",
    "/nl/concordance?q=emploi",
    "/nl/concordance.csv?q=emploi",
    "/nl/trends?term=emploi",
    "/nl/trends.csv?term=emploi",
    "/nl/counterparts?q=emploi",
    "/nl/quote?text=Chaque+emploi+compte+l’emploi+des+jeunes",
    "/api/v1/search?q=emploi",
    "/api/v1/quote?text=Chaque+emploi+compte+l’emploi+des+jeunes",
)


@dataclass
class Served:
    """A running site, its folder and its documents."""

    client: httpx.Client
    data: Path
    document: str
    remarks: Path

    def statuses(self, doors: tuple[str, ...] = DOORS) -> dict[str, int]:
        found = {}
        for door in doors:
            answer = self.client.get(door)
            found[door] = answer.status_code
            if answer.status_code == 503:
                assert int(answer.headers["Retry-After"]) <= 10, door
                assert "index" in answer.text, door
        return found

    def told(self) -> str:
        """What it has said on stderr."""
        return self.remarks.read_text()

    def total(self) -> int | None:
        """The number of pages that a search finds; None: it is not answered."""
        answer = self.client.get("/api/v1/search?q=emploi")
        return answer.json()["total"] if answer.status_code == 200 else None

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        latest = time.monotonic() + LONGEST
        while not is_so():
            assert time.monotonic() < latest, self.told()
            time.sleep(0.05)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("damaged") / "data"
    room = ReadingRoom(data)
    document = fill(room)["pact_fr"].id
    room.leave_no_work()
    room.close()
    with serving(data) as process:
        port = re.search(r":([0-9]+)\"", process.stdout.readline().decode())
        assert port
        with httpx.Client(base_url=f"http://127.0.0.1:{port[1]}", timeout=60) as client:
            yield Served(client, data, document, data.with_suffix(".remarks"))


def parts(index: Path) -> list[Path]:
    """The files of the index."""
    [generation] = index.glob("generation-*")
    files = [path for path in generation.iterdir() if path.stat().st_size]
    return [index / "current", *sorted(files, key=lambda path: path.suffix + path.name)]


def test_a_site_whose_index_is_damaged_says_so_goes_on_and_finds_everything_again(site: Served) -> None:
    site.wait_until(lambda: site.total() == 5)
    assert set(site.statuses().values()) == {200}
    index = site.data / "index"
    damages = [Path.unlink, truncate, empty, randomise, spoil_one_byte]
    pages = (
        f"/fr/document/{site.document}",
        f"/fr/document/{site.document}/page/2?q=emploi",
        f"/original/{site.document}.pdf",
        f"/fr/document/{site.document}/page/2/cite",
        "/nl/documents",
    )
    for number, damage in enumerate(damages):  # tests/index/test_soundness.py does each to every file
        paths = parts(index)
        before, path = len(site.told()), paths[2 * number % len(paths)]
        damage(path)
        statuses = {**site.statuses(), **site.statuses(pages)}
        assert set(statuses.values()) <= {200, 503}, (path, statuses)
        assert {statuses[page] for page in pages} == {200}, (path, statuses)
        site.wait_until(lambda before=before: "has been made anew" in site.told()[before:])
        site.wait_until(lambda: site.total() == 5)
    assert "Traceback" not in site.told()
    assert set(site.statuses().values()) == {200}


def test_an_index_that_was_deleted_as_a_whole_comes_back(site: Served) -> None:
    site.wait_until(lambda: site.total() == 5)
    (site.data / "index").rename(site.data.parent / "deleted")  # at once, so that nobody writes in between
    assert set(site.statuses(DOORS[:1]).values()) <= {200, 503}
    site.wait_until(lambda: site.total() == 5)
