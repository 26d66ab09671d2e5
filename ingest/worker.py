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
"""How often a job is begun before it is given up: each time the worker itself died over it, or was killed.

Documents are opened in processes of their own, so that is hardly ever their fault; the number is high
because machines are restarted more often than that.
"""

_PAUSE = 0.5
"""Seconds between two looks at an empty queue."""
_PATIENCE, _LONGEST_PATIENCE = 5.0, 300.0
"""Seconds before what was hindered is tried again: at first, and at most."""

_LOOK_EVERY = 120.0
"""Seconds between two looks over all page images and studies; one takes three seconds for the images of
100,000 pages."""

_log = logging.getLogger(__name__)


LookOver = Callable[[], None]
"""Looks over what is derived from the catalogue and makes again what is not sound. Called before each job and
when there is none, so it must be cheap where nothing has changed; trouble it tells itself."""


def _no_progress(*_arguments: object) -> None:
    """Nobody wants to know."""


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
            image_room: bytes that the images of enlarged pages may take.
            look_over: for what is derived outside of this room, such as the index.
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
        """A job that could not even be put back."""

    def run_once(
        self,
        progress: Progress = _no_progress,
        stop: threading.Event | None = None,
        *,
        looks_over: bool = False,
    ) -> int:
        """Do all jobs that wait, and those that follow from them; return how many were done.

        `looks_over` first looks for page images and studies that are missing or damaged, and makes them as
        well.

        Raises:
            WorkerRunning: another worker works for this archive.
            ServiceUnavailable: the machine hinders the work, such as by a full disk; what is not done waits.
        """
        pipeline = Pipeline(*self._parts, progress, stop or threading.Event())
        with machine_troubles_as_errors(), self._lock:
            self._clear_up(pipeline)
            hindrance = HindranceReporter(self._notices, self._data)
            if looks_over:
                deque(pipeline.look_over(try_failed=True), maxlen=0)
            return self._work_off(pipeline, hindrance)

    def run_forever(self, stop: threading.Event, progress: Progress = _no_progress) -> None:
        """Do jobs as they come, until `stop` is set; waits while another worker is at work.

        What hinders the work is logged once and shown at the desk; the worker continues by itself when that
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
        """Do jobs as they come, and between them look now and then for images and studies that are not
        whole."""
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
        """Put right what a worker that died left behind, and queue what waited for an OCR engine."""
        if self._not_put_back is not None:
            self._put_back(self._not_put_back)
        shutil.rmtree(pipeline.work, ignore_errors=True)
        pipeline.large_pages.images.make_room()
        self._queue.requeue_running()
        for document in self._catalogue.documents():
            if pipeline.is_ocr_due(document):
                self._queue.enqueue(document.id, "ingest")

    def _work_off(self, pipeline: Pipeline, hindrance: "HindranceReporter") -> int:
        """Do what waits. A job that finds too little room does not keep the others waiting, which may need
        less; it is put back, and that is told at the end."""
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
        """Draw what readers want to see larger, if there is room; whether the work may go on."""
        try:
            if free_room(self._data) >= LEAST_ROOM:
                pipeline.large_pages.draw_wanted(pipeline.reader)
        except Stopped:
            return False
        return True

    def _next_job(self, besides: Collection[int]) -> Job | None:
        """Take a job, if there is room to begin one."""
        if self._not_put_back is not None:
            self._put_back(self._not_put_back)
        if free_room(self._data) < LEAST_ROOM and self._queue.waiting():
            require_room(self._data)
        return self._queue.claim(besides)

    def _put_back(self, job: Job) -> None:
        """Put a job back into the queue, later if the catalogue cannot be written either: left as running it
        would count as an attempt over which the worker died."""
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
        """The job has failed. A document that readers can see already keeps the pages that it has."""
        if job.kind in ("ingest", "read") and self._catalogue.document(job.document).status != "ready":
            self._catalogue.mark_failed(job.document, reason, AGENT)
        self._queue.fail(job, reason)


class HindranceReporter:
    """Reports what keeps the worker of an archive waiting: once, not each time that it happens."""

    def __init__(self, notices: NoticeBoard, data: Path) -> None:
        self._notices = notices
        self._data = data
        self._last_cause = ""
        self._is_put_up = True  # maybe, by a worker that died
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
        """Wait until the disk has more room, or a while. Where room is short the while grows each time, since
        to find out whether it is enough now may cost reading a document."""
        free = free_room(self._data)
        deadline = time.monotonic() + self._patience
        if self._last_cause == NoRoom.code:
            self._patience = min(2 * self._patience, _LONGEST_PATIENCE)
        while time.monotonic() < deadline and not stop.wait(_PAUSE):
            if free_room(self._data) >= free + LEAST_ROOM:
                return
