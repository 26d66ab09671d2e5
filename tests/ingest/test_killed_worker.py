"""``kill -9`` of the worker at any moment: nothing that was accepted is lost, doubled or half shown."""

import os
import random
import signal
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil
import pytest

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.files.presence import is_dead
from archive.originals import Originals
from archive.preservation import fixity
from archive.records import Page
from index.engine.contract import SearchRequest
from index.indexer import open_engine
from index.preparation import Publication
from index.query.parser import parse
from ingest.acquisition.intake import Intake
from ingest.jobs.worker import Worker
from ingest.sandbox.supervisor import Limits
from tests.material.pdf_files import document
from tests.surroundings.command_line import start_forked

NAMES = ("Alfa", "Beta", "Gamma")
PAGES = 8
MOST_KILLS = 8
LONGEST = 15
"""Seconds of killing; then the worker may finish."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def found(data: Path, word: str) -> list[tuple[str, int]]:
    if not (data / "index" / "current").exists():
        return []
    result = open_engine(data / "index").search(SearchRequest(parse(word), limit=1000))
    return sorted((hit.document, hit.page) for hit in result.hits)


def check_promise(catalogue: Catalogue, data: Path, names: dict[str, str]) -> None:
    """Every accepted file is findable, whole and once, or it waits, once."""
    waiting = [job.document for job in Queue(catalogue).waiting() if job.kind == "ingest"]
    statuses = {held.id: held.status for held in catalogue.documents(("received", "processing", "ready"))}
    assert statuses.keys() == names.keys(), "nothing is lost and nothing has failed"
    for identifier, name in names.items():
        if statuses[identifier] == "ready":
            expected = [(identifier, page) for page in range(1, PAGES + 1)]
            assert found(data, name) == expected, "all pages, each once"
            stored: list[Page] = list(catalogue.pages(identifier))
            assert [page.number for page in stored] == list(range(1, PAGES + 1))
        else:
            assert waiting.count(identifier) == 1, f"{name} waits {waiting.count(identifier)} times"


def test_killed_at_random_moments(data: Path) -> None:
    seed = int.from_bytes(os.urandom(4))
    moments = random.Random(seed)
    with Catalogue.open(f"sqlite:///{data / 'catalogue.sqlite'}") as catalogue:
        originals = Originals(data / "originals")
        intake = Intake(catalogue, originals, "test", max_size=10_000_000)
        names: dict[str, str] = {}
        for name in NAMES:
            path = data / f"{name}.pdf"
            path.write_bytes(document(name, PAGES))
            names[str(intake.accept(str(path)).document)] = name

        environment = {**os.environ, "TERUGBLIK_DATA": str(data)}
        kills = 0
        deadline = time.monotonic() + LONGEST
        while kills < MOST_KILLS and time.monotonic() < deadline and Queue(catalogue).waiting():
            worker = start_forked(("work", "--once"), environment, data, data / "log")
            time.sleep(moments.uniform(0, 1.5))
            family: list[psutil.Process] = []
            with suppress(psutil.NoSuchProcess):  # it may have come to its end
                family = psutil.Process(worker.pid).children(recursive=True)
            worker.kill()
            worker.join(10)
            kills += worker.exitcode == -signal.SIGKILL
            gone, alive = psutil.wait_procs(family, timeout=10)
            assert not alive, f"seed {seed}: {alive} outlived the worker"
            assert len(gone) == len(family)
            assert "Traceback" not in (data / "log").read_text("utf-8")
            Queue(catalogue).requeue_abandoned(partial(is_dead, data))  # what the next start does first
            check_promise(catalogue, data, names)

        assert kills, f"seed {seed}: nothing was interrupted"
        parts = (catalogue, Queue(catalogue), originals, data, Limits(time=60))
        Worker(*parts, Publication(catalogue, data / "index", data / "studies")).run_once()
        check_promise(catalogue, data, names)
        assert {held.status for held in catalogue.documents(("received", "processing", "ready"))} == {"ready"}
        assert all(held.images for held in catalogue.documents())
        assert fixity.check(f"sqlite:///{data / 'catalogue.sqlite'}", originals.folder).ok
        assert not list((data / "work").glob("*")), "nothing is left lying about"
