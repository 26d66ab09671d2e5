"""The command line of Terugblik: one verb for each job.

The only module that knows all four rooms. Results go to stdout, progress and remarks to stderr; with
--json, results are JSON and an error is the JSON object {"error": {"code", "message", "hint"}}.
Exit codes: 0 ok, 2 usage, 3 bad input file, 4 not found, 5 damaged archive, 6 unavailable service.
"""

import argparse
import getpass
import io
import json
import os
import re
import shlex
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeGuard, get_args

from tqdm import tqdm

from archive import demonstration
from archive.accounts.accounts import Accounts
from archive.catalogue.correction_rows import LONGEST_CORRECTION, WrongCorrection
from archive.catalogue.page_as_text import read_page_text, write_page
from archive.catalogue.queue import Queue
from archive.catalogue.worker_lock import WorkerRunning
from archive.errors import (
    BadInputFile,
    DamagedArchive,
    IsWithdrawn,
    NotFound,
    ReadOnlyArchive,
    ServiceUnavailable,
    TerugblikError,
    UsageError,
)
from archive.languages import LANGUAGES
from archive.page_images import faulty_images
from archive.preservation import bagit_export, fixity, problems, recovery
from archive.preservation.check_outcomes import record_check
from archive.preservation.problems import CheckReport, Problem, ProblemKind
from archive.preservation.put_back import put_back
from archive.preservation.recovery import RecoveryReport
from archive.records import KINDS, Damage, Description, Document, JobKind, Page, Status
from archive.settings import Settings, read
from archive.surroundings import trouble_behind
from archive.version import VERSION
from archive.worker_notice import NoticeBoard
from index import soundness
from index.caretaker import Caretaker
from index.engine.contract import Filters
from index.indexer import Indexer
from index.preparation import Publication, faulty_studies
from index.query.tree import NONE, UNDATED, Years
from index.quotation import quote_report, verdict
from ingest.description.dating import date_all
from ingest.language.collection_words import CollectionWords, DamagedWords
from ingest.language.collection_words_file import WordsFile
from ingest.sandbox.supervisor import Limits
from ingest.worker import HindranceReporter, Worker
from search_app.api import documents_as_json
from search_app.library import Archive
from search_app.search import results
from search_app.search.counted_forms import forms_as_text

if TYPE_CHECKING:
    from ingest.acquisition.harvest import Harvested
    from ingest.acquisition.intake import Acceptance

# The site and what fetches documents are imported in the verbs that need them: loading them takes longer than
# most other verbs take.

AGENT = "command line"
"""Who is named in the events that this program causes."""

_BEHIND_READERS = 15
"""Niceness of the worker of a site: who reads goes before what is read into the archive."""


_FINDINGS_TOLD = 3
"""Faults of the index that are told one by one when the site starts."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # file names need not be UTF-8
    options = _parser().parse_args(arguments)
    try:
        settings = read({**os.environ, **_overrides(options)})
        exit_code: int = options.verb(options, settings)
        sys.stdout.flush()  # what cannot be written, such as on a full disk, is told like any other error
    except TerugblikError as error:
        _show_error(error, options.json)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        trouble = trouble_behind(error)
        _show_error(
            trouble or ServiceUnavailable(f"The system does not let this be done: {error}."), options.json
        )
        return ServiceUnavailable.exit_code
    return exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="terugblik", description="Archive and search of the Brussels Region's socio-economic plans."
    )
    parser.add_argument("--version", action="version", version=f"terugblik {VERSION}")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help="print JSON")
    verbs = parser.add_subparsers(metavar="VERB", required=True)

    def verb(name: str, run: Callable[..., int], summary: str) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=summary, description=summary, parents=[shared])
        added.set_defaults(verb=run)
        return added

    harvest = verb("harvest", _harvest, "take in the documents that an official page lists")
    harvest.add_argument("source", metavar="URL_OR_HTML_FILE")
    harvest.add_argument("--dry-run", action="store_true", help="only show what the page lists")

    add = verb("add", _add, "take in files, folders or links, and wait until they can be searched")
    add.add_argument("sources", nargs="+", metavar="FILE_OR_FOLDER_OR_URL")
    add.add_argument("--plan", metavar="SLUG")
    add.add_argument("--year", type=int)
    add.add_argument("--date", metavar="2014-04-24", help="a year, year and month, or day")
    add.add_argument("--title")
    add.add_argument("--language", choices=LANGUAGES)
    add.add_argument("--kind", choices=KINDS)

    verb("demonstrate", _demonstrate, "take in the demonstration collection if the archive is empty")

    work = verb("work", _work, "read and index what is waiting, until stopped")
    work.add_argument("--once", action="store_true", help="stop when nothing is waiting")
    work.add_argument("--parent", type=int, help=argparse.SUPPRESS)

    verb("reindex", _reindex, "build the index anew from the catalogue")

    serve = verb("serve", _serve, "start the web site and a worker")
    serve.add_argument("--port", type=int, help="default: TERUGBLIK_PORT")

    search = verb("search", _search, "search the archive")
    search.add_argument("query", metavar="QUERY")
    search.add_argument("--year", metavar="2011-2020", help="a year, a range of years, or none")
    search.add_argument("--language", choices=LANGUAGES)
    search.add_argument("--plan", metavar="SLUG")
    search.add_argument("--limit", type=int, default=10, help="hits to show (default 10)")
    search.add_argument("--offset", type=int, default=0, help="hits to leave out first")

    text = verb("text", _text, "print the text of a document in reading order")
    text.add_argument("document", metavar="DOCUMENT_ID")
    text.add_argument("--page", type=int, metavar="N", help="only this physical page")

    correct = verb("correct", _correct, "put the text of a page right by hand; no later reading undoes it")
    correct.add_argument("document", metavar="DOCUMENT_ID")
    correct.add_argument("--page", type=int, metavar="N", required=True, help="the physical page")
    correct.add_argument("file", metavar="FILE", help="what `text --page N` printed, edited; - for stdin")

    uncorrect = verb("uncorrect", _uncorrect, "show a page as it was read again; the history keeps the text")
    uncorrect.add_argument("document", metavar="DOCUMENT_ID")
    uncorrect.add_argument("--page", type=int, metavar="N", required=True, help="the physical page")

    ocr = verb("ocr", _ocr, "say whether OCR is to read a page, and read the document again")
    ocr.add_argument("document", metavar="DOCUMENT_ID")
    ocr.add_argument("--page", type=int, metavar="N", required=True, help="the physical page")
    choice = ocr.add_mutually_exclusive_group(required=True)
    for name, meaning in (
        ("force", "read the image, whatever the text layer says"),
        ("forbid", "never read the image"),
        ("automatic", "let the program choose the better reading"),
    ):
        choice.add_argument(f"--{name}", dest="instruction", action="store_const", const=name, help=meaning)

    reread = verb("reread", _reread, "read documents from their originals again; corrections stay")
    which = reread.add_mutually_exclusive_group(required=True)
    which.add_argument("documents", nargs="*", default=[], metavar="DOCUMENT_ID")
    which.add_argument("--all", action="store_true", help="every document that is not withdrawn")
    reread.add_argument("--queue", action="store_true", help="leave it to the worker; do not wait")

    quote = verb("quote", _quote, "find where, and whether exactly, a quotation stands in the archive")
    quote.add_argument("text", metavar="QUOTATION")

    verb("list", _list, "list all documents and their status")

    show = verb("show", _show, "show what is known of a document, and its history")
    show.add_argument("document", metavar="DOCUMENT_ID")

    check = verb("check", _check, "check originals, catalogue and all that is derived; say what to do")
    check.add_argument("--repair", action="store_true", help="make again what can be made again")
    check.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FOLDER",
        help="put originals back from this backup or bag",
    )

    recover = verb("recover", _recover, "bring documents back from their originals and from bags")
    bags_help = "a bag that `export` made, or a folder of them"
    recover.add_argument("bags", nargs="*", type=Path, metavar="BAG_FOLDER", help=bags_help)

    export = verb("export", _export, "export a document with text and history as a BagIt bag")
    export.add_argument("document", metavar="DOCUMENT_ID")
    export.add_argument("--bag", required=True, type=Path, metavar="FOLDER", help="folder to create")

    withdraw = verb("withdraw", _withdraw, "hide a document from readers; nothing is deleted")
    withdraw.add_argument("document", metavar="DOCUMENT_ID")
    withdraw.add_argument("--reason", required=True, help="shown to readers who follow an old link")

    restore = verb("restore", _restore, "show a withdrawn document to readers again")
    restore.add_argument("document", metavar="DOCUMENT_ID")

    user = verb("user", _user, "make, list, change or take away the accounts of archivists")
    user.add_argument("action", choices=["add", "password", "list", "remove"])
    user.add_argument("name", metavar="NAME", nargs="?", help="all but `list` need one")
    return parser


def _overrides(options: argparse.Namespace) -> Mapping[str, str]:
    port = getattr(options, "port", None)
    return {} if port is None else {"TERUGBLIK_PORT": str(port)}


def _show_error(error: TerugblikError, as_json: bool) -> None:
    with suppress(OSError):  # where this cannot be written either, the exit code tells
        if as_json:
            _print_json(error.as_json())
        else:
            _remark(f"terugblik: {error.message}\n{error.hint}")
    try:
        sys.stdout.flush()
    except OSError:  # at the end of the program it would be tried again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)


def _remark(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def _opened(settings: Settings, *, writes: bool = False) -> Iterator[Archive]:
    """The archive. A verb that writes says so, and does nothing in one that is read-only."""
    archive = Archive.open(settings)
    with archive.catalogue:
        if writes:
            archive.require_writing()
        yield archive


@contextmanager
def _progress(unit: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr; what is given is told how many are done, of how many."""
    with tqdm(unit=unit, leave=False, mininterval=0.2 if sys.stderr.isatty() else 10) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show


def _harvest(options: argparse.Namespace, settings: Settings) -> int:
    from ingest.acquisition.harvest import harvest

    with _opened(settings, writes=not options.dry_run) as archive:
        newcomers = Newcomers(archive, settings, options.json)
        for found in harvest(
            options.source,
            newcomers.intake,
            source_page=settings.source_page,
            dry_run=options.dry_run,
        ):
            if found.acceptance is None:
                _show_listed(found, options.json)
            else:
                newcomers.accept(found.acceptance)
        return newcomers.wait()


def _show_listed(found: "Harvested", as_json: bool) -> None:
    listing, said, language = found.listing, found.description, found.link.language
    others = [link.url for link in listing.links]
    if as_json:
        about = {"url": found.link.url, "about": listing.description, "other_links": others}
        _print_json({"status": "listed", **about, **asdict(said), "language": language})
    else:
        print(f"{said.year}  {said.title}  [{said.plan or 'no known plan'}, {language or '?'}]")
        for line in (found.link.url, listing.description, *(f"see also {other}" for other in others)):
            if line:
                print(f"      {line}")


def _add(options: argparse.Namespace, settings: Settings) -> int:
    from ingest.acquisition.intake import expand

    description = Description(
        options.title, options.year, options.plan, options.kind, options.language, options.date
    )
    with _opened(settings, writes=True) as archive:
        if description.plan is not None:
            archive.catalogue.plan(description.plan)
        newcomers = Newcomers(archive, settings, options.json)
        for source in (file for given in options.sources for file in expand(given)):
            newcomers.accept(newcomers.intake.accept(source, description))
        return newcomers.wait()


def _demonstrate(options: argparse.Namespace, settings: Settings) -> int:
    with _opened(settings) as archive:
        newcomers = Newcomers(archive, settings, options.json)
        if not archive.catalogue.documents(statuses=get_args(Status)):
            archive.require_writing()
            _remark("The archive is empty: taking in the demonstration collection.")
            for shown in demonstration.collection():
                newcomers.accept(
                    newcomers.intake.accept(str(shown.path), shown.description, is_demonstration=True)
                )
        return newcomers.wait()


class Newcomers:
    """Files on their way into the archive: waits until each can be searched, and tells what became of it."""

    def __init__(self, archive: Archive, settings: Settings, as_json: bool) -> None:
        from ingest.acquisition.intake import Intake

        self.intake = Intake(
            archive.catalogue,
            archive.originals,
            AGENT,
            settings.max_file_size,
            allow_private=settings.private_addresses,
        )
        self._archive = archive
        self._settings = settings
        self._as_json = as_json
        self._waiting: list[Acceptance] = []
        self._failures: set[int] = set()

    def accept(self, acceptance: "Acceptance") -> None:
        """Wait for what was accepted; tell at once of what was refused."""
        if acceptance.error is None:
            self._waiting.append(acceptance)
        else:
            self._failures.add(acceptance.error.exit_code)
            self._tell(acceptance, None, "failed", f"{acceptance.error.message} {acceptance.error.hint}")

    def wait(self) -> int:
        """Have everything read that waits, here or by the worker that is at it; the exit code."""
        self._tell_of_settled()
        with _page_progress() as show:

            def progress(document: Document, done: int, total: int) -> None:
                if done == 0:
                    self._tell_of_settled()
                show(document, done, total)

            try:
                while self._waiting:
                    _work_off(self._archive, self._settings, progress)
                    self._tell_of_settled()
            except Hindered as hindered:
                self._tell_of_settled()
                self._tell_of_queued(hindered)
        if not self._failures:
            return 0
        return self._failures.pop() if len(self._failures) == 1 else BadInputFile.exit_code

    def _tell_of_settled(self) -> None:
        still_waiting = []
        for acceptance in self._waiting:
            document = self._archive.catalogue.document(str(acceptance.document))
            if document.status in ("received", "processing"):
                still_waiting.append(acceptance)
            elif document.status == "failed":
                self._failures.add(BadInputFile.exit_code)
                self._tell(acceptance, document, "failed", document.reason)
            else:
                status = "added" if acceptance.is_new else "duplicate"
                reason = _warnings(document) or document.reason
                self._tell(acceptance, document, status, reason)
        self._waiting = still_waiting

    def _tell_of_queued(self, hindered: ServiceUnavailable) -> None:
        """What is not settled stays queued."""
        for acceptance in self._waiting:
            document = self._archive.catalogue.document(str(acceptance.document))
            self._tell(acceptance, document, "queued", hindered.message)
        if self._waiting:
            self._failures.add(hindered.exit_code)
            _remark(f"terugblik: {hindered.message}\n{hindered.hint}")

    def _tell(self, acceptance: "Acceptance", document: Document | None, status: str, reason: str) -> None:
        if self._as_json:
            _print_json(
                {
                    "file": acceptance.source,
                    "id": document.id if document else None,
                    "status": status,
                    "pages": document.pages if document else 0,
                    "languages": list(document.languages) if document else [],
                    "ocr_pages": document.ocr_pages if document else 0,
                    "reason": reason,
                    "coded_warnings": documents_as_json.coded_warnings(document.warnings) if document else [],
                }
            )
        else:
            size = (
                f"{document.pages} pages in {', '.join(document.languages) or 'no language'}"
                if document
                else ""
            )
            about = ": ".join(part for part in (document.id if document else "", size, reason) if part)
            tqdm.write(f"{status:<9}  {acceptance.source}  {about}")


class Hindered(ServiceUnavailable):
    """Trouble of the machine keeps the worker from going on; what waits stays queued."""

    code = "hindered"
    default_hint = (
        "Nothing is lost: what waits stays queued, for a worker (`terugblik serve` or `terugblik work`) "
        "that goes on by itself when that is over."
    )


_STAYS = 3.0
"""Seconds that another worker's notice must stay up to be told: what it says may just be over."""


def _work_off(archive: Archive, settings: Settings, progress: Callable[[Document, int, int], None]) -> None:
    """Work off the queue, or give the worker that is at it some time to do so.

    Raises:
        Hindered: the machine keeps either from going on.
    """
    try:
        _worker(archive, settings).run_once(progress)
    except WorkerRunning:
        deadline = time.monotonic() + _STAYS
        while notice := NoticeBoard(settings.data).notice():
            if time.monotonic() > deadline:
                raise Hindered(notice.message) from None
            time.sleep(0.2)
        time.sleep(0.2)
    except ServiceUnavailable as error:
        raise Hindered(error.message) from error


@contextmanager
def _page_progress() -> Iterator[Callable[[Document, int, int], None]]:
    with _progress("page") as show:

        def show_document(document: Document, done: int, total: int) -> None:
            show(done, total)

        yield show_document


def _worker(archive: Archive, settings: Settings) -> Worker:
    return Worker(
        archive.catalogue,
        Queue(archive.catalogue),
        archive.originals,
        settings.data,
        Limits(settings.memory_limit, settings.time_limit, settings.max_pages),
        Publication(archive.catalogue, settings.data / "index", settings.data / "studies"),
        Caretaker(archive.catalogue, settings.data / "index").look_over,
    )


def _work(options: argparse.Namespace, settings: Settings) -> int:
    stop = _stop_signal()
    if options.once:
        with _opened(settings, writes=True) as archive, _page_progress() as progress:
            done = _worker(archive, settings).run_once(progress, stop, looks_over=True)
        if options.json:
            _print_json({"jobs": done})
        else:
            print(f"{done} jobs done.")
        return 0
    is_of_a_server = options.parent is not None
    if is_of_a_server:
        os.nice(_BEHIND_READERS)
        threading.Thread(target=_stop_with, args=(options.parent, stop), daemon=True).start()
    archive = _open_in_time(settings, stop)
    with archive.catalogue, _page_progress() as progress:
        if is_of_a_server:
            _wait_until_writable(archive, stop)
        else:
            archive.require_writing()
        _worker(archive, settings).run_forever(stop, progress)
    return 0


def _wait_until_writable(archive: Archive, stop: threading.Event) -> None:
    """A site that shows a read-only archive has nothing to work on, until it can be written after all."""
    while archive.is_read_only() and not stop.wait(5):
        pass


def _open_in_time(settings: Settings, stop: threading.Event) -> Archive:
    """The archive, once it can be opened: on a full disk not even that may be possible.

    Raises:
        ServiceUnavailable: `stop` was set, and it could not be opened yet.
    """
    hindrance = HindranceReporter(NoticeBoard(settings.data), settings.data)
    while True:
        try:
            return Archive.open(settings)
        except ReadOnlyArchive:
            raise
        except ServiceUnavailable as error:
            if stop.is_set():
                raise
            hindrance.met(error)
            hindrance.wait(stop)


def _stop_signal() -> threading.Event:
    """An event that Ctrl-C and the end of a service set; the work at hand is then put back in the queue.

    Signals travel through a pipe, which stays open as long as the program runs. A handler would have to wait
    for the main thread, which sleeps on when another thread gets the signal, as happens when several come at
    once.
    """
    stop = threading.Event()
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_received: None)

    def listen() -> None:
        os.read(reading, 1)
        stop.set()

    threading.Thread(target=listen, daemon=True).start()
    return stop


def _stop_with(parent: int, stop: threading.Event) -> None:
    """Set `stop` when the process that started this one is gone, however it ended."""
    while os.getppid() == parent:
        if stop.wait(0.5):
            return
    stop.set()


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    from search_app.server import processes

    with _listen(settings) as listener:
        if settings.port == 0:
            port = listener.getsockname()[1]
            settings = replace(
                settings, port=port, base_url=settings.base_url.removesuffix(":0") + f":{port}"
            )
        with _opened(settings) as archive:  # and closed again: each process opens the archive itself
            archive.catalogue.database.require_whole()  # what is damaged is not shown as if it were proof
            if archive.is_read_only():
                _remark(
                    "The archive is read-only: it is shown, but nothing is taken in and nobody can sign in."
                )
        worker = [sys.executable, __file__, "work", "--parent", str(os.getpid())]

        def tell_started() -> None:
            if options.json:
                _print_json({"url": settings.base_url})
            else:
                print(f"Terugblik is at {settings.base_url}/ (stop with Ctrl-C)", flush=True)
            _tell_of_index(settings)

        processes.serve(settings, listener, worker, tell_started, _remark)
    return 0


def _tell_of_index(settings: Settings) -> None:
    """Say what readers will miss in searches, if anything, and what becomes of it."""
    try:
        with _opened(settings) as archive:
            findings = soundness.look(archive.catalogue, settings.data / "index")
            is_read_only = archive.is_read_only()
    except TerugblikError as error:
        _remark(f"{error.message} {error.hint}")
        return
    for finding in findings[:_FINDINGS_TOLD]:
        unmended = "so it stays so" if finding.document else "so it is shown without search"
        what_next = f"The archive is read-only, {unmended}." if is_read_only else "The worker mends it."
        _remark(f"{finding.detail} {what_next}")
    if len(findings) > _FINDINGS_TOLD:
        _remark(f"The index has {len(findings) - _FINDINGS_TOLD} more faults.")


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise ServiceUnavailable(
            f"{settings.host}:{settings.port} cannot be listened on: {error.strerror or error}.",
            "Another program may use that port; choose a free one with --port (make run PORT=8001).",
        ) from error


def _reindex(options: argparse.Namespace, settings: Settings) -> int:
    with _opened(settings, writes=True) as archive:
        date_all(archive.catalogue, "reindex")
        with _progress("page") as on_progress:
            generation = Indexer(archive.catalogue, settings.data / "index").rebuild(on_progress)
        documents = len(archive.catalogue.documents())
    if options.json:
        _print_json({"generation": generation, "documents": documents})
    else:
        print(f"Indexed {documents} documents (generation {generation}).")
    return 0


def _search(options: argparse.Namespace, settings: Settings) -> int:
    if not 1 <= options.limit <= 1000 or options.offset < 0:
        raise UsageError("--limit lies between 1 and 1000, --offset is not negative.")
    with _opened(settings) as archive:
        filters = Filters(
            years=_years(options.year) if options.year else None,
            languages=frozenset([options.language] if options.language else []),
            plans=frozenset([archive.catalogue.plan(options.plan).slug] if options.plan else []),
        )
        found = results.search(
            archive, options.query, filters, per_page=options.limit, offset=options.offset, boxes=options.json
        )
    if options.json:
        _print_json(results.as_json(found, settings.base_url))
        return 0
    for remark in (found.read_as, *found.notices):
        _remark(remark)
    for forms in found.forms:
        if forms.is_merged:
            _remark(f"Counted: {forms_as_text(forms)}")
    if found.suggestion:
        _remark(f"Did you mean: {found.suggestion}")
    print(f"{found.total} pages in {found.documents} documents")
    for hit in found.hits:
        print(f"\n{hit.title} ({hit.year or 'no year'}), page {hit.page_label} [{hit.language}]")
        print("  " + "".join(f"[{part.text}]" if part.mark else part.text for part in hit.excerpt))
        print("  " + settings.base_url + hit.url)
    return 0


def _years(text: str) -> Years:
    if text == NONE:
        return UNDATED
    match = re.fullmatch("([0-9]{4})(?:-([0-9]{4}))?", text)
    if match is None or int(match[1]) > int(match[2] or match[1]):
        raise UsageError(
            f"--year is {text!r}; give a year, such as 2011, a range, such as 2011-2020, or none."
        )
    return int(match[1]), int(match[2] or match[1])


def _text(options: argparse.Namespace, settings: Settings) -> int:
    with _opened(settings) as archive:
        document = archive.catalogue.document(options.document)
        if options.page is None:
            pages: Iterator[Page] = archive.catalogue.pages(document.id)
        else:
            pages = iter([archive.catalogue.page(document.id, options.page)])
        if options.json:
            read = [documents_as_json.page_as_json(page, document.warnings) for page in pages]
            _print_json({"document": document.id, "pages": read})
            return 0
        for page in pages:
            print(write_page(page))
    return 0


def _correct(options: argparse.Namespace, settings: Settings) -> int:
    with _opened(settings, writes=True) as archive:
        catalogue = archive.catalogue
        document = catalogue.document(options.document)
        languages = catalogue.page_as_read(document.id, options.page).languages
        language = languages[0] if languages else document.language or LANGUAGES[0]
        blocks = read_page_text(_read_text(options.file), options.page, language)
        is_changed = catalogue.correct_page(document.id, options.page, blocks, AGENT)
        _finish_jobs(archive, settings)
    if options.json:
        _print_json({"document": document.id, "page": options.page, "changed": is_changed})
    else:
        print(f"Page {options.page} {'is corrected' if is_changed else 'stands so already'}.")
    return 0


def _uncorrect(options: argparse.Namespace, settings: Settings) -> int:
    with _opened(settings, writes=True) as archive:
        archive.catalogue.withdraw_correction(options.document, options.page, AGENT)
        _finish_jobs(archive, settings)
    if options.json:
        _print_json({"document": options.document, "page": options.page, "changed": True})
    else:
        print(f"Page {options.page} is shown as it was read.")
    return 0


def _read_text(file: str) -> str:
    """The text in a file of moderate size, or on stdin."""
    most = 5 * LONGEST_CORRECTION  # bytes: four for each character, and the markers
    try:
        if file == "-":
            content = sys.stdin.buffer.read(most + 1)
        else:
            with open(file, "rb") as opened:
                content = opened.read(most + 1)
    except OSError as error:
        raise BadInputFile(f"{file} cannot be read: {error.strerror}.", "Check its name.") from error
    if len(content) > most:
        raise WrongCorrection("too long", f"{file} is too large to be the text of a page.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInputFile(f"{file} is not a text in UTF-8.", "Save it as UTF-8.") from error


def _ocr(options: argparse.Namespace, settings: Settings) -> int:
    instruction = None if options.instruction == "automatic" else options.instruction
    with _opened(settings, writes=True) as archive:
        catalogue = archive.catalogue
        if catalogue.instruct_ocr(options.document, options.page, instruction, AGENT):
            list(_wait_until_read(archive, settings, [options.document]))
        job = Queue(catalogue).latest(options.document, "read")
        if job is not None and job.state == "failed":
            raise BadInputFile(f"The document could not be read again: {job.reason}")
        page = documents_as_json.page_as_json(catalogue.page(options.document, options.page))
    told = {name: page[name] for name in ("source", "health")}
    if options.json:
        _print_json({"document": options.document, "page": options.page, "ocr": options.instruction, **told})
    else:
        print(f"Page {options.page}: {page['source']} ({page['health']['choice'] or 'no choice was made'})")
    return 0


def _reread(options: argparse.Namespace, settings: Settings) -> int:
    with _opened(settings, writes=True) as archive:
        catalogue, queue = archive.catalogue, Queue(archive.catalogue)
        if options.all:
            documents = catalogue.documents(("ready", "failed"))
        else:
            documents = [catalogue.document(identifier) for identifier in dict.fromkeys(options.documents)]
        for document in documents:
            if document.status == "withdrawn":
                raise IsWithdrawn(f"The document {document.id} is withdrawn.")
        for document in documents:
            queue.enqueue(document.id, "read")
        failed = 0
        if options.queue:
            for document in documents:
                _tell_of_reading(document, "queued", "", options.json)
        else:
            waiting = {document.id: document for document in documents}
            try:
                for identifier in _wait_until_read(archive, settings, list(waiting)):
                    document, job = catalogue.document(identifier), queue.latest(identifier, "read")
                    is_read = job is not None and job.state == "done"
                    reason = _warnings(document) if is_read or job is None else job.reason
                    _tell_of_reading(document, "read" if is_read else "failed", reason, options.json)
                    failed += not is_read
                    del waiting[identifier]
            except Hindered as hindered:
                for document in waiting.values():
                    _tell_of_reading(document, "queued", hindered.message, options.json)
                _remark(f"terugblik: {hindered.message}\n{hindered.hint}")
                return hindered.exit_code
    return BadInputFile.exit_code if failed else 0


def _wait_until_read(archive: Archive, settings: Settings, identifiers: Sequence[str]) -> Iterator[str]:
    """Have the documents read that are queued for it, here or by the worker; give each when it is done."""
    queue = Queue(archive.catalogue)
    waiting = list(identifiers)

    def settled() -> Iterator[str]:
        for identifier in list(waiting):
            job = queue.latest(identifier, "read")
            if job is None or job.state in ("done", "failed"):
                waiting.remove(identifier)
                yield identifier

    with _page_progress() as show:
        while waiting:
            try:
                _work_off(archive, settings, show)
            except Hindered:
                yield from settled()
                if waiting:
                    raise
            yield from settled()


def _tell_of_reading(document: Document, status: str, reason: str, as_json: bool) -> None:
    if as_json:
        counts = {"pages": document.pages, "ocr_pages": document.ocr_pages}
        languages = {"languages": list(document.languages)}
        _print_json({"id": document.id, "status": status, **counts, **languages, "reason": reason})
    else:
        tqdm.write(f"{status:<9}  {document.id}  {document.title}{f': {reason}' if reason else ''}")


def _list(options: argparse.Namespace, settings: Settings) -> int:
    with _opened(settings) as archive:
        documents = archive.catalogue.documents(statuses=get_args(Status))
    if options.json:
        listed = [_document_as_json(document, settings, document.damage) for document in documents]
        _print_json({"documents": listed})
        return 0
    for document in documents:
        languages = ",".join(document.languages) or "-"
        remark = f" ({document.reason})" if document.reason else ""
        remark += f" (original damaged: {document.damage.kind})" if document.damage else ""
        print(
            f"{document.id}  {document.date or '----':<10}  {document.status:<10}  {document.pages:>5} p.  "
            f"{languages:<8}  {document.title}{remark}"
        )
    return 0


def _document_as_json(document: Document, settings: Settings, damage: Damage | None) -> dict[str, object]:
    return {
        **documents_as_json.document_as_json(document, settings.base_url, document.warnings, damage),
        "status": document.status,
        "reason": document.reason,
    }


def _warnings(document: Document) -> str:
    return " ".join(warning.sentence for warning in document.warnings)


def _show(options: argparse.Namespace, settings: Settings) -> int:
    with _opened(settings) as archive:
        document = archive.catalogue.document(options.document)
        events = archive.catalogue.events(document.id)
        known = _document_as_json(document, settings, archive.damage(document))
    history = [{**asdict(event), "at": event.at.isoformat()} for event in events]
    if options.json:
        _print_json({**known, "events": history})
        return 0
    del known["coded_warnings"]  # the sentences say the same
    for name, value in known.items():
        print(f"{name:<18} {value}")
    print("\nHistory")
    for event in history:
        print(f"  {event['at']}  {event['type']} by {event['agent']}")
    return 0


def _quote(options: argparse.Namespace, settings: Settings) -> int:
    with _opened(settings) as archive:
        report = verdict.find(options.text, archive.engine(), archive.catalogue)
        search = documents_as_json.phrase_address(archive, options.text)
        found = quote_report.as_json(report, partial(documents_as_json.match_address, archive), search)
        titles = {
            match.document: archive.catalogue.document(match.document).title for match in report.matches
        }
    if options.json:
        _print_json(found)
        return 0
    print(found["verdict"])
    if found["too_short"]:
        print("Fewer than four words are no quotation. Search for these very words instead:")
        print(f"  terugblik search {shlex.quote(results.as_phrase(options.text))}\n  {found['search']}")
    for match in found["matches"]:
        print(f"\n{titles[match['document']]}, page {match['page_label']}\n  {match['text']}")
        for skipped in match["between"]:
            print(f"  between, on page {skipped['page']} ({skipped['kind']}): {skipped['text']}")
        for omission in match["omissions"]:
            kinds = f" ({', '.join(omission['kinds'])})" if omission["kinds"] else ""
            print(f"  left out{kinds}: {omission['text']}")
        if match["doubtful"]:
            print(f"  OCR was not sure of: {', '.join(match['doubtful'])}")
        if match["cells"]:
            print("  in several cells of a table: | stands between cells, / between rows")
        if match["apart"]:
            print("  words stand far apart on the page, maybe in different columns: compare with the image")
        for difference in match["differences"]:
            print(f"  {difference['kind']}: “{difference['quoted']}” stands as “{difference['original']}”")
        print(f"  {match['url']}")
    return 0


def _check(options: argparse.Namespace, settings: Settings) -> int:
    if options.source is not None and not options.repair:
        raise UsageError("--from names where originals are put back from.", "Give --repair as well.")
    if options.source is not None and not options.source.is_dir():
        raise NotFound(f"There is no folder {options.source}.", "Name the folder of a backup, or a bag.")
    with ExitStack() as opened:
        archive, more = None, dict[str, object]()
        try:
            archive = opened.enter_context(_opened(settings))
        except TerugblikError as error:  # originals are checked all the same
            more |= error.as_json()
        report, mended = _look(archive, settings), list[Problem]()
        if options.repair and archive is not None and not report.ok:
            found, report = report, _repair(archive, settings, report, options.source)
            left = set(map(_named, report.problems))
            mended = [problem for problem in found.problems if _named(problem) not in left]
        is_recorded = _record_check(archive, report, len(mended))
    if options.json:
        more |= {"repaired": [problem.as_json() for problem in mended]} if options.repair else {}
        _print_json({**report.as_json(), "recorded": is_recorded, **more})
    else:
        for problem in mended:
            print(f"Repaired: {problem.kind}: {problem.document or '-'}: {problem.detail}")
        print(problems.as_text(report))
    return 0 if report.ok else DamagedArchive.exit_code


def _named(problem: Problem) -> tuple[str, str]:
    """By what a problem is known again; that of a document is told otherwise when half of it is mended."""
    return problem.kind, problem.document or problem.detail


def _look(archive: Archive | None, settings: Settings) -> CheckReport:
    """Look at truth, and at what is derived from it where the catalogue can be read."""
    with _progress("file") as on_progress:
        report = fixity.check(settings.database_url, settings.data / "originals", on_progress)
    return report.with_problems(_derived_problems(archive, settings) if _is_usable(archive, report) else ())


def _is_usable(archive: Archive | None, report: CheckReport) -> TypeGuard[Archive]:
    """Whether the catalogue could be opened and read from its beginning to its end."""
    broken = ("DamagedCatalogue", "WrongSchema")
    return archive is not None and not any(problem.kind in broken for problem in report.problems)


def _derived_problems(archive: Archive, settings: Settings) -> Iterator[Problem]:
    """What is wrong with what can be made again; what is being made just now is left aside."""
    for finding in soundness.look(archive.catalogue, settings.data / "index"):
        yield Problem(finding.kind, finding.document, finding.detail)
    yield from _problems_of_documents(
        archive, lambda documents: faulty_images(settings.data, documents, thorough=True)
    )
    yield from _problems_of_documents(
        archive, lambda documents: faulty_studies(archive.catalogue, settings.data / "studies", documents)
    )
    yield from _word_problems(archive, settings)


class _Condition(Protocol):
    """Of something that is derived from a document."""

    def problems(self) -> Sequence[tuple[ProblemKind, str]]:
        """What is wrong, in words."""


def _problems_of_documents(
    archive: Archive,
    faulty: Callable[[Sequence[Document]], Iterable[tuple[Document, _Condition]]],
) -> Iterator[Problem]:
    """What is wrong with something that is derived from documents, but for those that are being worked on."""
    queue, kinds = Queue(archive.catalogue), get_args(JobKind)
    documents = archive.catalogue.documents()
    for _look_again in range(2):  # a document is ready a moment before the job is queued that draws its pages
        underway = queue.changing(kinds)
        found = list(faulty(documents))
        underway |= queue.changing(kinds)
        found = [(document, condition) for document, condition in found if document.id not in underway]
        documents = [document for document, _condition in found]
    for document, condition in found:
        for kind, detail in condition.problems():
            yield Problem(kind, document.id, detail)


def _word_problems(archive: Archive, settings: Settings) -> Iterator[Problem]:
    """What is wrong with the words of the collection, once there are any."""
    words = WordsFile(settings.data, archive.catalogue).path
    try:
        CollectionWords.read(words)
    except (OSError, DamagedWords) as error:
        if archive.catalogue.documents():
            told = "is missing" if isinstance(error, FileNotFoundError) else str(error)
            yield Problem("DamagedWords", None, f"{words} {told}.")


_MADE_BY: Mapping[str, JobKind] = {"Image": "render", "Study": "compare"}
"""The job that mends problems of documents, by what their kinds begin with."""


def _repair(archive: Archive, settings: Settings, report: CheckReport, source: Path | None) -> CheckReport:
    """Make again what can be, put originals back from the folder `source`, and look once more."""
    if archive.is_read_only() or not _is_usable(archive, report):
        _remark("Nothing is repaired: the archive is read-only, or its catalogue has to be restored first.")
        return report
    catalogue, queue = archive.catalogue, Queue(archive.catalogue)
    hurt = [one.document for one in report.problems if one.document and one.kind in problems.OF_THE_ORIGINAL]
    try:
        if source is not None:
            put_back(catalogue, archive.originals, hurt, source, _remark)
        archive.originals.clear_leftovers()
        Caretaker(catalogue, settings.data / "index").look_over()
        WordsFile(settings.data, catalogue).look_over()
        for begins, job in _MADE_BY.items():
            of_kind = [one for one in report.problems if one.kind.startswith(begins)]
            concerned = {one.document for one in of_kind if one.document}
            for identifier in concerned:
                queue.enqueue(identifier, job)
            with _page_progress() as show:
                while not concerned.isdisjoint(queue.changing((job,))):
                    _work_off(archive, settings, show)
    except ServiceUnavailable as error:
        _remark(f"Not everything could be repaired: {error.message} {error.hint}")
    return _look(archive, settings)


def _record_check(archive: Archive | None, report: CheckReport, repaired: int) -> bool:
    """Keep the outcome of a check in the catalogue, if that can be written; whether it is kept."""
    if archive is None or any(problem.kind == "DamagedCatalogue" for problem in report.problems):
        _remark("The outcome is not recorded: the catalogue cannot be used.")
        return False
    if archive.is_read_only():
        _remark("The archive is read-only, so its history does not tell of this check.")
        return False
    try:
        record_check(archive.catalogue, report, AGENT, repaired)
    except TerugblikError as error:
        _remark(f"The outcome could not be recorded: {error.message}")
        return False
    return True


def _export(options: argparse.Namespace, settings: Settings) -> int:
    with _opened(settings) as archive:
        folder = bagit_export.export(archive.catalogue, archive.originals, options.document, options.bag)
    if options.json:
        _print_json({"document": options.document, "bag": str(folder)})
    else:
        print(f"Exported to {folder}")
    return 0


def _recover(options: argparse.Namespace, settings: Settings) -> int:
    with _progress("original") as on_progress:
        report = recovery.recover(settings.database_url, settings.data, options.bags, AGENT, on_progress)
    if options.json:
        _print_json(report.as_json())
    else:
        _tell_of_recovery(report)
    return DamagedArchive.exit_code if report.damaged else 0


def _tell_of_recovery(report: RecoveryReport) -> None:
    for one in report.documents:
        origin = {"bag": f"from {one.bag}", "original": "from its original"}.get(one.source, "demonstration")
        back, lost = ", ".join(one.came_back) or "nothing", ", ".join(one.not_back) or "nothing"
        reason = f" ({one.reason})" if one.reason else ""
        print(f"{one.id}  {one.status:<9}  {origin}; back: {back}; not back: {lost}{reason}")
    for stranger in report.strangers:
        _remark(f"{stranger} is not the original of any document; it was left alone.")
    found = {"sound": "is sound", "missing": "was missing and is made anew", "damaged": "was damaged"}
    _remark(f"The catalogue {found[report.catalogue]}.")
    if report.set_aside:
        _remark(f"The damaged one is kept as {report.set_aside}.")
    if not report.documents:
        _remark("There was nothing to recover: the catalogue knows every original.")
        return
    if report.catalogue != "sound":
        _remark("Accounts stand in no bag: make them again with `terugblik user add`.")
    if any("withdrawal" in one.not_back for one in report.documents):
        _remark(
            "Nothing tells any more whether a document without a bag had been withdrawn: look at those "
            "before readers do, and withdraw them again."
        )
    _remark("`terugblik serve` or `terugblik work --once` reads and indexes what came back.")


def _withdraw(options: argparse.Namespace, settings: Settings) -> int:
    with _opened(settings, writes=True) as archive:
        archive.catalogue.withdraw(options.document, options.reason, AGENT)
        _finish_jobs(archive, settings)
        return _show_status(archive.catalogue.document(options.document), options.json)


def _restore(options: argparse.Namespace, settings: Settings) -> int:
    with _opened(settings, writes=True) as archive:
        archive.catalogue.restore(options.document, AGENT)
        _finish_jobs(archive, settings)
        return _show_status(archive.catalogue.document(options.document), options.json)


def _finish_jobs(archive: Archive, settings: Settings) -> None:
    """Do what a change left to do, unless a worker is at it anyway. The change itself is kept already."""
    try:
        _worker(archive, settings).run_once()
    except WorkerRunning:
        return
    except ServiceUnavailable as error:
        _remark(f"The change is kept, but what follows from it waits for a worker. {error.message}")


def _show_status(document: Document, as_json: bool) -> int:
    if as_json:
        _print_json({"id": document.id, "status": document.status, "reason": document.reason})
    else:
        states = {
            "ready": "readers see it",
            "withdrawn": "readers do not see it, but are told why",
            "failed": f"it could not be read: {document.reason}",
        }
        print(
            f"{document.id}: {states.get(document.status, 'readers see it as soon as a worker has read it')}."
        )
    return 0


def _user(options: argparse.Namespace, settings: Settings) -> int:
    if (options.name is None) != (options.action == "list"):
        raise UsageError(f"`user {options.action}` takes {'no' if options.name else 'a'} NAME.")
    if options.action == "list":
        with _opened(settings) as archive:
            return _show_accounts(Accounts(archive.catalogue), options.json)
    with _opened(settings, writes=True) as archive:
        accounts = Accounts(archive.catalogue)
        if options.action == "add":
            accounts.add(options.name, _asked_password(), AGENT)
            told = f"can sign in at {settings.base_url}/nl/archivist/"
        elif options.action == "password":
            accounts.change_password(options.name, _asked_password(), AGENT)
            told = "has another password and was signed out everywhere."
        else:
            accounts.remove(options.name, AGENT)
            told = "is no account any more and was signed out everywhere; the history keeps the name."
    if options.json:
        _print_json({"name": options.name})
    else:
        print(f"{options.name} {told}")
    return 0


def _asked_password() -> str:
    """A password from the terminal, asked twice, or from the first line of stdin."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise UsageError("The two passwords differ.", "Try again.")
    return password


def _show_accounts(accounts: Accounts, as_json: bool) -> int:
    everybody = [
        {"name": account.name, "created_at": account.created_at.isoformat(timespec="seconds")}
        for account in accounts.all()
    ]
    if as_json:
        _print_json({"accounts": everybody})
    for account in () if as_json else everybody:
        print(f"{account['created_at']}  {account['name']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
