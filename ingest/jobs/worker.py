"""A worker: claims jobs from the queue and does them, one at a time. An archive has any number of workers.

What only one worker at a time may do in a folder is done by the one that has the duty
(``workers/look-over.lock``): to clear up after dead workers, and to look after index, page images, studies
and words of the collection.
"""

import logging
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from pathlib import Path

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.claims import LEASE, Candidate, ClaimLost
from archive.catalogue.queue import Queue
from archive.catalogue.worker_lock import WorkerLock
from archive.files import presence
from archive.files.file_lock import worker_lock
from archive.files.presence import Presence
from archive.images.large_images import DEFAULT_ROOM, LargeImages
from archive.originals import Originals
from archive.records import Job
from archive.surroundings import (
    LEAST_ROOM,
    NoRoom,
    free_room,
    machine_troubles_as_errors,
    require_room,
)
from archive.worker_notice import NoticeBoard
from ingest.jobs.attempt import attempt
from ingest.jobs.hindrance import HindranceReporter
from ingest.language.collection_words_file import WordsFile
from ingest.large_pages import LargePages
from ingest.pipeline import Pipeline, Publisher
from ingest.sandbox.document_reader import Progress
from ingest.sandbox.supervisor import Limits, Stopped

_PAUSE = 0.5
"""Seconds between two checks of an empty queue."""

_TRIES_TO_ENTER = 3
"""Before a worker gives way to a process that wants to be alone."""

_LOOK_EVERY = 120.0
"""Seconds between two checks of all page images and studies. A check of the images of 100,000 pages takes
three seconds."""

_ASK_FOR_DUTY_EVERY = 5.0
"""Seconds after which a worker sees whether the one that had the duty has ended."""

_log = logging.getLogger(__name__)


LookOver = Callable[[], None]
"""Checks files that are derived from the catalogue, and repairs them. Called before each job, and regularly
if there is none, so it must be fast if nothing has changed. It reports trouble by itself, and raises
nothing."""


def _no_progress(*_arguments: object) -> None:
    """Ignores the progress."""


class Worker:
    """Does jobs of one archive."""

    def __init__(
        self,
        catalogue: Catalogue,
        queue: Queue,
        originals: Originals,
        data: Path,
        limits: Limits,
        publisher: Publisher,
        look_over: LookOver = lambda: None,
        image_room: int = DEFAULT_ROOM,
        lease: float = LEASE,
    ) -> None:
        """Work with these parts of an archive.

        Args:
            image_room: most bytes of all images of enlarged pages.
            look_over: checks files of other packages, such as the index.
            lease: seconds after which another worker may take the job of this one, if it does not renew its
                claim.
        """
        self._look_over = look_over
        self._catalogue = catalogue
        self._queue = queue
        self._originals = originals
        self._data = data
        self._limits = limits
        self._publisher = publisher
        self._large_pages = LargePages(catalogue, LargeImages.of(data, image_room))
        self._words = WordsFile(data, catalogue)
        self._lease = lease
        self._lock = WorkerLock(data)
        self._duty = worker_lock(data, "look-over")
        self._is_clear = False
        """Whether it has cleared up since it got the duty."""
        self._presence: Presence | None = None
        self._not_put_back: Job | None = None
        """A job that could not be put back into the queue."""
        self.elsewhere: frozenset[str] = frozenset()
        """The documents with jobs that wait for a host that has their originals, as this one lacks them."""

    def run_once(
        self,
        progress: Progress = _no_progress,
        stop: threading.Event | None = None,
        *,
        looks_over: bool = False,
        is_beside_others: bool = False,
    ) -> int:
        """Do all waiting jobs, and those that result from them. Returns how many were done.

        Args:
            looks_over: whether first to queue page images and studies that are missing or damaged.
            is_beside_others: whether to work if another worker does in this folder, too.

        Raises:
            WorkerRunning: another worker does, or another process wants to be alone.
            ServiceUnavailable: trouble of the machine, such as a full disk, stops the work; the rest stays
                queued.
        """
        stop = stop or threading.Event()
        with machine_troubles_as_errors():
            if not (self._enter() if is_beside_others else self._lock.acquire_first()):
                raise self._lock.refusal()
            try:
                hindrance = HindranceReporter(NoticeBoard(self._data), self._data)
                pipeline = self._begin(progress, stop, hindrance)
                if self._take_duty(pipeline) and looks_over:
                    deque(pipeline.look_over(try_failed=True), maxlen=0)
                return self._work_off(pipeline, stop, hindrance)
            finally:
                self._end()

    def run_forever(self, stop: threading.Event, progress: Progress = _no_progress) -> None:
        """Do jobs as they are queued, until `stop` is set. Waits while another process wants to be alone.

        Trouble of the machine is logged once and shown at the desk. The worker continues by itself when it
        is over.
        """
        hindrance = HindranceReporter(NoticeBoard(self._data), self._data)
        try:
            while not stop.is_set():
                try:
                    if self._lock.acquire(shared=True):
                        self._work_and_look(self._begin(progress, stop, hindrance), stop, hindrance)
                    stop.wait(_PAUSE)
                except Exception as error:
                    hindrance.met(error)
                    hindrance.wait(stop)
        finally:
            self._end()

    def lacks_original(self, document: str) -> bool:
        """Whether this host has no original of a document, and another host may have it."""
        held = self._catalogue.document(document)
        return self._catalogue.database.is_shared_by_hosts and not self._originals.holds(held.sha256)

    def _begin(self, progress: Progress, stop: threading.Event, hindrance: HindranceReporter) -> Pipeline:
        """Be present, if that is not so yet. Returns the steps of jobs."""
        if self._presence is None:
            self._presence = Presence(self._data)
        name = hindrance.worker = self._presence.claimant.name
        return Pipeline(
            catalogue=self._catalogue,
            queue=self._queue,
            originals=self._originals,
            data=self._data,
            work=self._data / "work" / name,
            limits=self._limits,
            publisher=self._publisher,
            words=self._words,
            large_pages=self._large_pages,
            progress=progress,
            stop=stop,
        )

    def _enter(self) -> bool:
        """Share the place with other workers. One that has just come holds the lock alone for a moment."""
        for _ in range(_TRIES_TO_ENTER):
            if self._lock.acquire(shared=True):
                return True
            time.sleep(_PAUSE)
        return False

    def _end(self) -> None:
        """Leave the place to others."""
        self._is_clear = False
        self._duty.release()
        if self._presence is not None:
            shutil.rmtree(self._data / "work" / self._presence.claimant.name, ignore_errors=True)
            self._presence.leave(is_done=self._not_put_back is None)
            self._presence = None
        self._lock.release()

    def _work_and_look(self, pipeline: Pipeline, stop: threading.Event, hindrance: HindranceReporter) -> None:
        """Do jobs as they are queued. With the duty, look from time to time for missing and damaged images
        and studies."""
        is_first = True
        while not stop.is_set():
            has_duty = self._take_duty(pipeline)
            if has_duty:
                for _ in pipeline.look_over(try_failed=is_first):
                    self._work_off(pipeline, stop, hindrance)
                    if stop.is_set():
                        return
                is_first = False
                self._bury_the_dead(pipeline)
            due = time.monotonic() + (_LOOK_EVERY if has_duty else _ASK_FOR_DUTY_EVERY)
            while not stop.is_set() and time.monotonic() < due:
                self._work_off(pipeline, stop, hindrance)
                stop.wait(_PAUSE)

    def _take_duty(self, pipeline: Pipeline) -> bool:
        """Get the duty, unless another worker has it, and first clear up. Returns whether this one has it."""
        if not self._duty.acquire():
            return False
        if not self._is_clear:
            if self._not_put_back is not None:
                self._put_back(self._not_put_back)
            self._bury_the_dead(pipeline)
            pipeline.large_pages.images.make_room()
            for document in self._catalogue.documents():
                if pipeline.is_ocr_due(document):
                    self._queue.enqueue(document.id, "ingest")
            self._is_clear = True
        return True

    def _bury_the_dead(self, pipeline: Pipeline) -> None:
        """Clean up after workers that crashed."""
        dead = presence.dead(self._data)
        scratches = list(pipeline.work.parent.glob("*"))  # listed before the living, who may become more
        living = presence.living(self._data)
        for scratch in scratches:
            if scratch.name not in living:
                shutil.rmtree(scratch, ignore_errors=True)
        self._queue_abandoned()
        at_work = {job.worker_name for job in self._queue.running()}
        for name in dead:
            if name not in at_work:
                presence.forget(self._data, name)

    def _queue_abandoned(self) -> None:
        """Queue again the jobs of workers that are dead or whose lease has ended."""
        for job in self._queue.requeue_abandoned(partial(presence.is_dead, self._data)):
            _log.info("The %s job of document %s, of %s, is begun anew.", job.kind, job.document, job.worker)

    def _work_off(self, pipeline: Pipeline, stop: threading.Event, hindrance: HindranceReporter) -> int:
        """Do the waiting jobs. Returns how many were done.

        A job for which the disk has too little room is put back, and the others are done first, as they may
        need less; then its error is raised.
        """
        done = 0
        aside: dict[int, NoRoom] = {}
        while not stop.is_set():
            if self._duty.is_held:
                pipeline.words.look_over()
                self._look_over()
            if not self._draw_wanted(pipeline):
                return done
            if (job := self._next_job(aside)) is None:
                break
            try:
                attempt(job, self._queue, pipeline, self._lease, stop)
            except Stopped:
                self._put_back(job)
                return done
            except ClaimLost as lost:
                _log.warning("%s Another worker does it; what was done here is dropped.", lost)
            except Exception as error:
                self._put_back(job)
                if not isinstance(error, NoRoom) or free_room(self._data) < LEAST_ROOM:
                    raise
                aside[job.id] = error
            except BaseException:  # such as Ctrl-C in a command that does its own jobs
                self._put_back(job)
                raise
            else:
                done += 1
                if not aside:
                    hindrance.is_over()
        if aside:
            raise next(iter(aside.values()))
        hindrance.is_over()
        return done

    def _draw_wanted(self, pipeline: Pipeline) -> bool:
        """Draw pages that readers want to see enlarged, if there is room. Returns False if the work was
        cancelled."""
        try:
            if free_room(self._data) >= LEAST_ROOM:
                pipeline.large_pages.draw_wanted(pipeline.reader)
        except Stopped:
            return False
        return True

    def _next_job(self, besides: Collection[int]) -> Job | None:
        """The next job, if there is one and enough room on the disk.

        Args:
            besides: numbers of jobs that are left out.
        """
        if self._not_put_back is not None:
            self._put_back(self._not_put_back)
        self._queue_abandoned()
        if free_room(self._data) < LEAST_ROOM and self._queue.waiting(limit=1):
            require_room(self._data)
        assert self._presence is not None
        elsewhere = set[str]()

        def is_possible(candidate: Candidate) -> bool:
            needs_original = candidate.kind in ("read", "render") or (
                candidate.kind == "ingest" and not candidate.is_read
            )
            if not needs_original or self._originals.holds(candidate.sha256):
                return True
            elsewhere.add(candidate.document)
            return False

        # Where no other host can have an original, it is lost, and its document fails.
        has_other_hosts = self._catalogue.database.is_shared_by_hosts
        job = self._queue.claim(
            besides,
            by=self._presence.claimant,
            lease=self._lease,
            is_possible=is_possible if has_other_hosts else None,
        )
        if job is None:
            self._tell_of_elsewhere(frozenset(elsewhere))
        return job

    def _tell_of_elsewhere(self, documents: frozenset[str]) -> None:
        """Log which documents this host can do nothing for; once, and not each time that it is found."""
        if documents - self.elsewhere:
            _log.warning(
                "%s documents, such as %s, wait for a worker on a host that has their originals.",
                len(documents),
                min(documents),
            )
        self.elsewhere = documents

    def _put_back(self, job: Job) -> None:
        """Put a job back into the queue; if the catalogue cannot be written now, that is done later.

        A job that stayed marked as running would count as an attempt in which the worker crashed.
        """
        self._not_put_back = job
        with suppress(ClaimLost):  # another worker has it already
            self._queue.put_back(job)
        self._not_put_back = None
