"""A worker keeps its job for as long as it works on it, and notices when it has lost it."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.database import tables
from archive.originals import StoredOriginal
from archive.records import Description, Job, Provenance
from ingest.jobs.attempt import Heartbeat

pytest_plugins = ["tests.surroundings.postgresql"]

LEASE = 0.6


@pytest.fixture
def catalogue(catalogue_url: str) -> Iterator[Catalogue]:
    with Catalogue.open(catalogue_url) as opened:
        stored = StoredOriginal(hashlib.sha256(b"a").hexdigest(), 1)
        opened.receive(stored, "a.pdf", Description(), Provenance(), "tester")
        yield opened


def claim(catalogue: Catalogue) -> Job:
    job = Queue(catalogue).claim(lease=LEASE)
    assert job is not None
    return job


def lease_of(catalogue: Catalogue) -> object:
    with catalogue.database.reading() as connection:
        return connection.execute(select(tables.jobs.c.lease_until)).scalar_one()


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_long_job_is_kept_by_its_heartbeat(catalogue: Catalogue) -> None:
    queue, job = Queue(catalogue), claim(catalogue)
    with Heartbeat(queue, job, LEASE, threading.Event()) as heartbeat:
        seen = {lease_of(catalogue)}

        def is_renewed_often() -> bool:
            seen.add(lease_of(catalogue))
            return len(seen) > 12

        wait_for(is_renewed_often)  # two leases long
        assert not heartbeat.is_set()
        queue.require(job)
    queue.finish(job)
    assert not queue.renew(job, LEASE), "it has ended, and its heartbeat with it"


def test_who_has_lost_a_job_stops_working_on_it(catalogue: Catalogue) -> None:
    queue, job = Queue(catalogue), claim(catalogue)
    with Heartbeat(queue, job, LEASE, threading.Event()) as heartbeat:
        assert len(queue.requeue_abandoned(lambda _name: True)) == 1
        wait_for(heartbeat.is_set)
        assert heartbeat.is_lost


def test_who_is_told_to_stop_has_not_lost_its_job(catalogue: Catalogue) -> None:
    queue, job, stop = Queue(catalogue), claim(catalogue), threading.Event()
    with Heartbeat(queue, job, 60, stop) as heartbeat:
        assert not heartbeat.is_set()
        stop.set()
        assert heartbeat.is_set()
        assert not heartbeat.is_lost
    queue.put_back(job)
