"""The worker: takes jobs from the queue, one at a time, and does them. One works for an archive at a time."""

import errno
import logging
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from archive.catalogue import Catalogue
from archive.errors import ServiceUnavailable, TerugblikError
from archive.originals import Originals
from archive.queue import Queue, WorkerLock, WorkerRunning
from archive.records import Job
from ingest.limits import Limits, Stopped
from ingest.pipeline import AGENT, Pipeline, Progress, Publisher

MOST_ATTEMPTS = 20
"""How often a job is begun before it is given up: each time the worker itself died over it, or was killed.

Documents are opened in processes of their own, so that is hardly ever their fault; the number is high
because machines are restarted more often than that.
"""

_PAUSE = 0.5
"""Seconds between two looks at an empty queue."""

_LOOK_EVERY = 120.0
"""Seconds between two looks over all page images; one takes three seconds for 100,000 pages."""

_log = logging.getLogger(__name__)


def _no_progress(*_told: object) -> None:
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
    ) -> None:
        self._catalogue = catalogue
        self._queue = queue
        self._lock = WorkerLock(data)
        self._parts = (catalogue, queue, originals, data, limits, publisher)

    def run_once(
        self,
        progress: Progress = _no_progress,
        stop: threading.Event | None = None,
        *,
        looks_over: bool = False,
    ) -> int:
        """Do all jobs that wait, and those that follow from them; return how many were done.

        `looks_over` first looks for page images that are missing or damaged, and draws them as well.

        Raises:
            WorkerRunning: another worker works for this archive.
        """
        pipeline = Pipeline(*self._parts, progress, stop or threading.Event())
        with self._lock:
            self._clear_up(pipeline)
            if looks_over:
                deque(pipeline.look_over_images(try_failed=True), maxlen=0)
            return self._work_off(pipeline)

    def run_forever(self, stop: threading.Event, progress: Progress = _no_progress) -> None:
        """Do jobs as they come, until `stop` is set; waits for its turn while another worker is at work."""
        pipeline = Pipeline(*self._parts, progress, stop)
        while not stop.is_set():
            try:
                with self._lock:
                    self._clear_up(pipeline)
                    self._work_and_look(pipeline)
            except WorkerRunning:
                stop.wait(_PAUSE)
            except Exception:
                # The catalogue cannot be reached, or the disk is full: that may pass, and jobs are kept.
                _log.exception("The worker was interrupted; it goes on in a moment.")
                stop.wait(10 * _PAUSE)

    def _work_and_look(self, pipeline: Pipeline) -> None:
        """Do jobs as they come, and between them look now and then for images that are not whole."""
        is_first = True
        while not pipeline.stop.is_set():
            for _ in pipeline.look_over_images(try_failed=is_first):
                self._work_off(pipeline)
                if pipeline.stop.is_set():
                    return
            is_first = False
            due = time.monotonic() + _LOOK_EVERY
            while not pipeline.stop.is_set() and time.monotonic() < due:
                self._work_off(pipeline)
                pipeline.stop.wait(_PAUSE)

    def _clear_up(self, pipeline: Pipeline) -> None:
        """Put right what a worker that died left behind, and queue what waited for an OCR engine."""
        shutil.rmtree(pipeline.work, ignore_errors=True)
        self._queue.requeue_running()
        for document in self._catalogue.documents():
            if pipeline.is_ocr_due(document):
                self._queue.enqueue(document.id, "ingest")

    def _work_off(self, pipeline: Pipeline) -> int:
        done = 0
        while not pipeline.stop.is_set() and (job := self._queue.claim()):
            try:
                self._do(job, pipeline)
            except Stopped:
                self._queue.put_back(job)
                return done
            except (ServiceUnavailable, OSError):
                self._queue.put_back(job)
                raise
            done += 1
        return done

    def _do(self, job: Job, pipeline: Pipeline) -> None:
        steps: dict[str, Callable[[str], None]] = {
            "ingest": pipeline.ingest,
            "read": pipeline.read_anew,
            "render": pipeline.render,
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
            if may_pass(error):
                raise
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


def may_pass(error: Exception) -> bool:
    """Whether the trouble is with what surrounds the document, so that its job can be done later."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENOMEM)
    return isinstance(error, ServiceUnavailable)
