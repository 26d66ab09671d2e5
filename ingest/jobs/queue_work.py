"""Has queued jobs done while somebody waits: by this process, or by a worker that is already running."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from archive.catalogue.queue import Queue
from archive.catalogue.worker_lock import WorkerRunning
from archive.errors import ServiceUnavailable
from archive.worker_notice import NoticeBoard
from ingest.jobs.worker import Worker
from ingest.sandbox.document_reader import Progress

_STAYS = 3.0
"""Seconds that the notice of another worker must stay before it is reported: the trouble may just be over."""


_PAUSE = 0.2
"""Seconds between two looks at what others do."""


class Hindered(ServiceUnavailable):
    """Trouble of the machine stops the worker. Waiting jobs stay in the queue."""

    code = "hindered"
    default_hint = (
        "Nothing is lost: what waits stays queued, for a worker (`terugblik serve` or `terugblik work`) "
        "that goes on by itself when that is over."
    )


class QueueWork:
    """Does the queued jobs of one archive with a worker, or waits for other workers in the folder `data`."""

    def __init__(self, worker: Worker, queue: Queue, data: Path) -> None:
        self._worker = worker
        self._queue = queue
        self._notices = NoticeBoard(data)

    def work_off(self, progress: Progress) -> None:
        """Do all queued jobs, or wait a moment for other workers that do them.

        Raises:
            Hindered: trouble of the machine stops the worker.
        """
        try:
            if not self._worker.run_once(progress):
                time.sleep(_PAUSE)  # a worker on another host does what is waited for
        except WorkerRunning:
            deadline = time.monotonic() + _STAYS
            while notice := self._notices.notice():
                if time.monotonic() > deadline:
                    raise Hindered(notice.message) from None
                time.sleep(_PAUSE)
            time.sleep(_PAUSE)
        except ServiceUnavailable as error:
            raise Hindered(error.message) from error

    def wait_until_read(self, identifiers: Sequence[str], progress: Progress) -> Iterator[str]:
        """Have queued documents read. Yields each when it is done.

        Raises:
            Hindered: trouble of the machine stops the worker, or this host lacks the originals.
        """
        waiting = list(identifiers)
        deadline = time.monotonic() + _STAYS

        def settled() -> Iterator[str]:
            for identifier in list(waiting):
                job = self._queue.latest(identifier, "read")
                if job is None or job.state in ("done", "failed"):
                    waiting.remove(identifier)
                    yield identifier

        while waiting:
            try:
                self.work_off(progress)
            except Hindered:
                yield from settled()
                if waiting:
                    raise
            yield from settled()
            if not waiting or not all(map(self._waits_elsewhere, waiting)):
                deadline = time.monotonic() + _STAYS
            elif time.monotonic() > deadline:
                raise Hindered(
                    f"This host lacks the originals of {len(waiting)} documents, such as {waiting[0]}.",
                    "They stay queued, for a worker on a host that has them.",
                )

    def _waits_elsewhere(self, identifier: str) -> bool:
        """Whether a document waits to be read by a worker on another host."""
        job = self._queue.latest(identifier, "read")
        return job is not None and job.state == "queued" and self._worker.lacks_original(identifier)
