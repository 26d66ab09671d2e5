"""Builds an index of many pages in two processes: each makes an index of half of them, beside the one that
takes over the segments of both.

The documents are divided by their order and pages alone, so a catalogue always gives the same segments.
"""

import multiprocessing
import os
import signal
import tempfile
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import accumulate, pairwise
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NamedTuple

from archive.catalogue.catalogue import Catalogue
from archive.errors import ServiceUnavailable
from archive.records import Document
from index.engine.contract import Change, Store
from index.engine.manifest import Held
from index.entries import EntriesOfDocuments

PROCESSES = 2
"""More would be quicker where there are more processors, but every search reads a list of each word for each
segment, and each process takes some 300 MB."""

LEAST_PAGES = 500
"""Pages in a part. A process takes as long to start as a hundred pages to be built."""


_STOPPING = (signal.SIGINT, signal.SIGTERM)
"""Signals that also reach the builders, as by Ctrl-C: whether to go on is for the process that waits."""


class BuilderEnded(ServiceUnavailable):
    """A process that built a part of an index ended before it was done."""

    default_hint = (
        "The index in use was left as it was. If memory was short, end other programs; then run "
        "`terugblik reindex`."
    )


class Parts(NamedTuple):
    """What the processes have built."""

    folders: Sequence[Path]
    """The indexes, in the order of their documents."""
    held: Mapping[str, Held]
    """The documents in them."""


class _Part(NamedTuple):
    """What one process is to build."""

    open_store: Callable[[Path], Store]
    folder: Path
    catalogue: str
    """Its address."""
    documents: Sequence[Document]
    revisions: Mapping[str, str]


def are_worth_while(documents: Sequence[Document]) -> bool:
    """Whether an index of these documents is built faster in parts."""
    pages = sum(document.pages for document in documents)
    return pages >= PROCESSES * LEAST_PAGES and len(os.sched_getaffinity(0)) >= PROCESSES


@contextmanager
def built(
    open_store: Callable[[Path], Store],
    beside: Path,
    catalogue: Catalogue,
    documents: Sequence[Document],
    revisions: Mapping[str, str],
    tell: Callable[[int], None],
) -> Iterator[Parts]:
    """Indexes with these documents, in folders that are removed when the block ends.

    Args:
        open_store: makes a new index in a folder; it is called in other processes.
        beside: a folder on the disk of the index.
        tell: called with the pages of each document when all its entries have been taken.

    Raises:
        BuilderEnded: a process was ended.
        Exception: whatever made a process fail.
    """
    with tempfile.TemporaryDirectory(dir=beside) as folder:
        parts = [
            _Part(open_store, Path(folder, str(number)), catalogue.database.address, some, revisions)
            for number, some in enumerate(_divided(documents))
        ]
        builders: list[_Builder] = []
        try:
            for part in parts:
                builders.append(_Builder(part))
            held: dict[str, Held] = {}
            building = list(builders)
            while building:
                ready = wait([builder.receiver for builder in building])
                for builder in [one for one in building if one.receiver in ready]:
                    heard = builder.hear()
                    if isinstance(heard, int):
                        tell(heard)
                    else:
                        held.update(heard)
                        building.remove(builder)
        finally:
            for builder in builders:
                builder.end()
        yield Parts([part.folder for part in parts], held)


def _divided(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    """The documents in parts of about as many pages, in order."""
    sums = list(accumulate(document.pages for document in documents))
    middles = [end - document.pages / 2 for end, document in zip(sums, documents, strict=True)]
    starts = [bisect_left(middles, sums[-1] * part / PROCESSES) for part in range(PROCESSES)]
    return (documents[first:last] for first, last in pairwise([*starts, len(documents)]))


class _Builder:
    """A process that builds a part."""

    def __init__(self, part: _Part) -> None:
        # A copy of this process would have the locks that its other threads hold at this moment.
        context = multiprocessing.get_context("spawn")
        self.receiver, sender = context.Pipe(duplex=False)
        self._process: BaseProcess = context.Process(target=_build, args=(part, sender), daemon=True)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)  # the new process begins with this mask
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            sender.close()

    def hear(self) -> int | Mapping[str, Held]:
        """Wait for the pages of a document that has been taken, or in the end for what the part holds.

        Raises:
            BuilderEnded: the process was ended.
            Exception: whatever made it fail.
        """
        try:
            heard: int | Mapping[str, Held] | Exception = self.receiver.recv()
        except EOFError:
            self._process.join()
            code = self._process.exitcode or 0
            name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
            raise BuilderEnded(f"A process that was building the index ended ({name}).") from None
        if isinstance(heard, Exception):
            raise heard
        return heard

    def end(self) -> None:
        """End the process if it has not ended."""
        self._process.kill()
        self._process.join()
        self.receiver.close()


def _build(part: _Part, sender: "Connection[object, object]") -> None:
    """Build a part, and send the pages of each document and in the end what the part holds; or an error. Ends
    also when nobody listens any more."""
    try:
        with Catalogue.open(part.catalogue) as catalogue:
            entries = EntriesOfDocuments(catalogue, part.documents, part.revisions, sender.send)
            part.open_store(part.folder).commit(Change(add=entries))
        sender.send(entries.held)
    except BrokenPipeError:
        pass
    except Exception as error:
        with suppress(BrokenPipeError):
            sender.send(error)
