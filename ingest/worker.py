"""The worker: claims jobs from the queue and does them, one at a time. An archive has one worker."""

import logging
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Collection
from pathlib import Path

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.catalogue.worker_lock import WorkerLock
from archive.errors import ServiceUnavailable, TerugblikError
from archive.images.large_images import DEFAULT_ROOM, LargeImages
from archive.originals import Originals
from archive.records import Job
from archive.surroundings import (
    LEAST_ROOM,
    TROUBLES,
    NoRoom,
    free_room,
    machine_troubles_as_errors,
    require_room,
    trouble_behind,
)
from archive.worker_notice import NoticeBoard
from ingest.language.collection_words_file import WordsFile
from ingest.large_pages import LargePages
from ingest.pipeline import AGENT, Pipeline, Publisher
from ingest.sandbox.document_reader import Progress
from ingest.sandbox.supervisor import Limits, Stopped

MOST_ATTEMPTS = 20
"""How often a job is started before it is given up: each time the worker crashed or was killed during the
job.

Documents are opened in separate processes, so they are hardly ever the cause. The number is high because a
machine may be restarted several times during a job.
"""

_PAUSE = 0.5
"""Seconds between two checks of an empty queue."""
_PATIENCE, _LONGEST_PATIENCE = 5.0, 300.0
"""Seconds until work that trouble of the machine stopped is tried again: the first time, and at most."""

_LOOK_EVERY = 120.0
"""Seconds between two checks of all page images and studies. A check of the images of 100,000 pages takes
three seconds."""

_log = logging.getLogger(__name__)


LookOver = Callable[[], None]
"""Checks files that are derived from the catalogue, and repairs them. Called before each job, and regularly
if there is none, so it must be fast if nothing has changed. It reports trouble by itself, and raises
nothing."""


def _no_progress(*_arguments: object) -> None:
    """Ignores the progress."""


class Worker:
    """Does the jobs of one archive."""

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
    ) -> None:
        """Work with these parts of an archive.

        Args:
            image_room: most bytes of all images of enlarged pages.
            look_over: checks files of other packages, such as the index.
        """
        self._look_over = look_over
        self._catalogue = catalogue
        self._queue = queue
        self._data = data
        self._lock = WorkerLock(data)
        self._notices = NoticeBoard(data)
        large_pages = LargePages(catalogue, LargeImages.of(data, image_room))
        words = WordsFile(data, catalogue)
        self._parts = (catalogue, queue, originals, data, limits, publisher, words, large_pages)
        self._not_put_back: Job | None = None
        """A job that could not be put back into the queue."""

    def run_once(
        self,
        progress: Progress = _no_progress,
        stop: threading.Event | None = None,
        *,
        looks_over: bool = False,
    ) -> int:
        """Do all waiting jobs, and those that result from them. Returns how many were done.

        Args:
            looks_over: whether first to queue page images and studies that are missing or damaged.

        Raises:
            WorkerRunning: another worker is running for this archive.
            ServiceUnavailable: trouble of the machine, such as a full disk, stops the work; the rest stays
                queued.
        """
        pipeline = Pipeline(*self._parts, progress, stop or threading.Event())
        with machine_troubles_as_errors(), self._lock:
            self._clear_up(pipeline)
            hindrance = HindranceReporter(self._notices, self._data)
            if looks_over:
                deque(pipeline.look_over(try_failed=True), maxlen=0)
            return self._work_off(pipeline, hindrance)

    def run_forever(self, stop: threading.Event, progress: Progress = _no_progress) -> None:
        """Do jobs as they are queued, until `stop` is set. Waits while another worker is running.

        Trouble of the machine is logged once and shown at the desk. The worker continues by itself when it
        is over.
        """
        pipeline = Pipeline(*self._parts, progress, stop)
        hindrance = HindranceReporter(self._notices, self._data)
        is_clear = False
        while not stop.is_set():
            try:
                if self._lock.acquire():
                    if not is_clear:
                        self._clear_up(pipeline)
                        is_clear = True
                    self._work_and_look(pipeline, hindrance)
                stop.wait(_PAUSE)
            except Exception as error:
                hindrance.met(error)
                hindrance.wait(stop)
        self._lock.release()

    def _work_and_look(self, pipeline: Pipeline, hindrance: "HindranceReporter") -> None:
        """Do jobs as they are queued, and from time to time look for missing and damaged images and
        studies."""
        is_first = True
        while not pipeline.stop.is_set():
            for _ in pipeline.look_over(try_failed=is_first):
                self._work_off(pipeline, hindrance)
                if pipeline.stop.is_set():
                    return
            is_first = False
            due = time.monotonic() + _LOOK_EVERY
            while not pipeline.stop.is_set() and time.monotonic() < due:
                self._work_off(pipeline, hindrance)
                pipeline.stop.wait(_PAUSE)

    def _clear_up(self, pipeline: Pipeline) -> None:
        """Clean up after a worker that crashed, and queue documents that waited for an OCR engine."""
        if self._not_put_back is not None:
            self._put_back(self._not_put_back)
        shutil.rmtree(pipeline.work, ignore_errors=True)
        pipeline.large_pages.images.make_room()
        self._queue.requeue_running()
        for document in self._catalogue.documents():
            if pipeline.is_ocr_due(document):
                self._queue.enqueue(document.id, "ingest")

    def _work_off(self, pipeline: Pipeline, hindrance: "HindranceReporter") -> int:
        """Do the waiting jobs. Returns how many were done.

        A job for which the disk has too little room is put back, and the others are done first, as they may
        need less; then its error is raised.
        """
        done = 0
        aside: dict[int, NoRoom] = {}
        while not pipeline.stop.is_set():
            pipeline.words.look_over()
            self._look_over()
            if not self._draw_wanted(pipeline):
                return done
            if (job := self._next_job(aside)) is None:
                break
            try:
                self._do(job, pipeline)
            except Stopped:
                self._put_back(job)
                return done
            except Exception as error:
                self._put_back(job)
                if not isinstance(error, NoRoom) or free_room(self._data) < LEAST_ROOM:
                    raise
                aside[job.id] = error
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
        if free_room(self._data) < LEAST_ROOM and self._queue.waiting():
            require_room(self._data)
        return self._queue.claim(besides)

    def _put_back(self, job: Job) -> None:
        """Put a job back into the queue; if the catalogue cannot be written now, that is done later.

        A job that stayed marked as running would count as an attempt in which the worker crashed.
        """
        self._not_put_back = job
        self._queue.put_back(job)
        self._not_put_back = None

    def _do(self, job: Job, pipeline: Pipeline) -> None:
        steps: dict[str, Callable[[str], None]] = {
            "ingest": pipeline.ingest,
            "read": pipeline.read_anew,
            "render": pipeline.render,
            "compare": pipeline.compare,
            "remove": pipeline.remove,
        }
        if job.attempts > MOST_ATTEMPTS:
            self._give_up(job, f"The worker stopped {MOST_ATTEMPTS} times while it worked on this document.")
            return
        try:
            steps[job.kind](job.document)
        except Stopped:
            raise
        except Exception as error:
            if isinstance(error, ServiceUnavailable):
                raise
            trouble = trouble_behind(error)
            if trouble is not None:
                raise trouble from error
            self._fail(job, error)
        else:
            self._queue.finish(job)

    def _fail(self, job: Job, error: Exception) -> None:
        if isinstance(error, TerugblikError):
            self._give_up(job, f"{error.message} {error.hint}")
        else:
            _log.error("The %s job of document %s failed.", job.kind, job.document, exc_info=error)
            self._give_up(job, f"An error of this program, not of the file: {type(error).__name__}: {error}")

    def _give_up(self, job: Job, reason: str) -> None:
        """Mark a job as failed. A document that readers already see keeps its pages."""
        if job.kind in ("ingest", "read") and self._catalogue.document(job.document).status != "ready":
            self._catalogue.mark_failed(job.document, reason, AGENT)
        self._queue.fail(job, reason)


class HindranceReporter:
    """Reports trouble that stops the worker of an archive: once, and not each time that it occurs."""

    def __init__(self, notices: NoticeBoard, data: Path) -> None:
        self._notices = notices
        self._data = data
        self._last_cause = ""
        self._is_put_up = True  # there may be a notice of a worker that crashed
        self._patience = _PATIENCE

    def met(self, error: Exception) -> None:
        """Log it, and show it at the desk."""
        trouble = error if isinstance(error, TerugblikError) else trouble_behind(error)
        is_unforeseen = trouble is None
        if trouble is None:
            trouble = ServiceUnavailable(f"The worker met an error: {type(error).__name__}: {error}")
        cause = trouble.code if trouble.code in TROUBLES else trouble.message
        if cause != self._last_cause:
            text = f"The worker waits. {trouble.message} {trouble.hint}"
            _log.error("%s", text, exc_info=error if is_unforeseen else None)
        self._last_cause = cause
        self._notices.tell(trouble)
        self._is_put_up = True

    def is_over(self) -> None:
        """The work continues."""
        if self._last_cause:
            _log.warning("The worker goes on.")
        if self._is_put_up:
            self._notices.clear()
        self._last_cause = ""
        self._is_put_up = False
        self._patience = _PATIENCE

    def wait(self, stop: threading.Event) -> None:
        """Wait until the disk has more room, or some time has passed.

        If the disk has too little room, the time grows with each attempt, because finding out whether there
        is enough room may mean reading a document.
        """
        free = free_room(self._data)
        deadline = time.monotonic() + self._patience
        if self._last_cause == NoRoom.code:
            self._patience = min(2 * self._patience, _LONGEST_PATIENCE)
        while time.monotonic() < deadline and not stop.wait(_PAUSE):
            if free_room(self._data) >= free + LEAST_ROOM:
                return
