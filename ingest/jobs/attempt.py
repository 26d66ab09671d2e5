"""One attempt of a worker at a job, during which it renews its claim, however long that takes."""

import logging
import threading
from collections.abc import Callable
from types import TracebackType

from archive.catalogue.claims import ClaimLost
from archive.catalogue.queue import Queue
from archive.errors import ServiceUnavailable, TerugblikError
from archive.records import Job
from archive.surroundings import trouble_behind
from ingest.pipeline import AGENT, Pipeline
from ingest.sandbox.supervisor import Cancellation, Stopped

MOST_ATTEMPTS = 20
"""How often a job is started before it is given up: each time the worker crashed or was killed during the
job.

Documents are opened in separate processes, so they are hardly ever the cause. The number is high because a
machine may be restarted several times during a job.
"""

_BEATS = 6
"""How often a claim is renewed within its lease: some may fail or come late."""

_log = logging.getLogger(__name__)


class Heartbeat:
    """Renews the claim of a job until the end of a block. It is what cancels the work on the job: because the
    worker has to stop, or because another worker has the job now.
    """

    def __init__(self, queue: Queue, job: Job, lease: float, stop: Cancellation) -> None:
        self._queue = queue
        self._job = job
        self._lease = lease
        self._stop = stop
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self.is_lost = False
        """Whether another worker has the job now."""

    def is_set(self) -> bool:
        """Whether the work has to be cancelled."""
        return self.is_lost or self._stop.is_set()

    def _beat(self) -> None:
        while not (self.is_lost or self._is_over.wait(self._lease / _BEATS)):
            try:
                self.is_lost = not self._queue.renew(self._job, self._lease)
            except Exception as error:  # what is done then is published only if the job is still its own
                _log.info("A claim could not be renewed: %s", error)

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join()


def attempt(job: Job, queue: Queue, pipeline: Pipeline, lease: float, stop: Cancellation) -> None:
    """Do a job that was claimed for `lease` seconds. A job that cannot be done is marked as failed.

    Raises:
        ClaimLost: another worker has the job now.
        Stopped, ServiceUnavailable: it could not be done now.
    """
    with Heartbeat(queue, job, lease, stop) as heartbeat:
        try:
            _attempt(job, pipeline.for_job(job, heartbeat))
        except Exception as error:
            if heartbeat.is_lost and not isinstance(error, ClaimLost):
                raise ClaimLost(f"The {job.kind} job of document {job.document} was lost.") from error
            raise


def _attempt(job: Job, pipeline: Pipeline) -> None:
    steps: dict[str, Callable[[str], None]] = {
        "ingest": pipeline.ingest,
        "read": pipeline.read_anew,
        "render": pipeline.render,
        "compare": pipeline.compare,
        "remove": pipeline.remove,
    }
    if job.attempts > MOST_ATTEMPTS:
        _give_up(job, pipeline, f"The worker stopped {MOST_ATTEMPTS} times while it worked on this document.")
        return
    try:
        steps[job.kind](job.document)
    except (Stopped, ClaimLost):
        raise
    except Exception as error:
        if isinstance(error, ServiceUnavailable):
            raise
        trouble = trouble_behind(error)
        if trouble is not None:
            raise trouble from error
        _fail(job, pipeline, error)
    else:
        pipeline.queue.finish(job)


def _fail(job: Job, pipeline: Pipeline, error: Exception) -> None:
    if isinstance(error, TerugblikError):
        _give_up(job, pipeline, f"{error.message} {error.hint}")
    else:
        # What is no longer this worker's is no failure, whatever became of it.
        pipeline.queue.require(job)
        _log.error("The %s job of document %s failed.", job.kind, job.document, exc_info=error)
        reason = f"An error of this program, not of the file: {type(error).__name__}: {error}"
        _give_up(job, pipeline, reason)


def _give_up(job: Job, pipeline: Pipeline, reason: str) -> None:
    """Mark a job as failed. A document that readers already see keeps its pages."""
    if job.kind in ("ingest", "read") and pipeline.catalogue.document(job.document).status != "ready":
        pipeline.catalogue.mark_failed(job.document, reason, AGENT)
    pipeline.queue.fail(job, reason)
