"""The command line of Terugblik: one verb for each job.

The only module that knows all four rooms. Results go to stdout, progress and remarks to stderr; with
--json, results are JSON and an error is the JSON object {"error": {"code", "message", "hint"}}.
Exit codes: 0 ok, 2 usage, 3 bad input file, 4 not found, 5 damaged archive, 6 unavailable service.

A verb imports the rooms that it needs, and no others: to load all of them takes longer than most verbs do.
"""

import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, replace
from functools import partial, wraps
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from archive.errors import (
    BadInputFile,
    DamagedArchive,
    NotFound,
    ServiceUnavailable,
    TerugblikError,
    UsageError,
)
from archive.languages import LANGUAGES
from archive.records import KINDS, Damage, Description, Document, JobKind, OcrInstruction, Status
from archive.settings import Settings, read
from archive.version import VERSION

if TYPE_CHECKING:
    import threading

    from archive.accounts.accounts import Accounts
    from archive.open_archive import OpenArchive
    from archive.preservation.problems import CheckReport, Problem
    from index.query.tree import Years
    from ingest.acquisition.intake import Acceptance, Intake
    from ingest.jobs.queue_work import QueueWork
    from ingest.jobs.waiting import Arrival, Rereading
    from ingest.jobs.worker import Worker

AGENT = "command line"
"""The agent of the events that this program causes."""

_MOST_PROCESSES = 64
"""Of the workers that one command starts."""

_BEHIND_READERS = 15
"""Niceness of the worker of a site: readers come before documents that are being read."""


class Verbs(click.Group):
    """Verbs, or the actions of one verb. The help lists them by purpose."""

    def __init__(self, name: str, summary: str) -> None:
        super().__init__(name, help=summary)
        self.by_purpose: dict[str, list[str]] = {}

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a section for each purpose."""
        for purpose, names in self.by_purpose.items():
            with formatter.section(purpose):
                formatter.write_dl([(name, self.commands[name].help or "") for name in names])

    def verb(self, name: str, purpose: str, summary: str) -> Callable[[Callable[..., int]], click.Command]:
        """Make a function a verb. It gets the settings, `as_json` and its parameters, and returns an exit
        code; its errors are shown."""
        self.by_purpose.setdefault(purpose, []).append(name)

        def added(function: Callable[..., int]) -> click.Command:
            @wraps(function)
            def run(as_json: bool, **parameters: object) -> int:
                return _run(partial(function, as_json=as_json, **parameters), as_json, parameters.get("port"))

            with_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")(run)
            return self.command(name, help=summary)(with_json)

        return added


program = Verbs("terugblik", "Archive and search of the Brussels Region's socio-economic plans.")
click.version_option(VERSION, prog_name="terugblik", message="%(prog)s %(version)s")(program)
user = Verbs("user", "Make, list, change or take away the accounts of archivists.")

_TAKE_IN, _READ, _CARE = "Take in documents", "Find and read", "Look after documents"
_KEEP, _RUN, _ACCOUNTS = "Keep the archive whole", "Run the site", "Accounts"

_PAGE = click.option("--page", type=int, required=True, metavar="N", help="The physical page.")
_LANGUAGE = click.option("--language", type=click.Choice(LANGUAGES))
_DOCUMENT = click.argument("document", metavar="DOCUMENT_ID")
_NAME = click.argument("name", metavar="NAME")
_FOLDER = click.Path(file_okay=False, path_type=Path)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # file names need not be UTF-8
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        exit_code: int = program.main(given, prog_name="terugblik", standalone_mode=False)
    except click.UsageError as error:
        if "--json" in takewhile(lambda argument: argument != "--", given):
            usage = error.ctx.get_usage() if error.ctx else "Run `terugblik --help`."
            _show_error(UsageError(error.format_message(), usage), as_json=True)
        else:
            error.show()
        return UsageError.exit_code
    except click.Abort:
        return 130
    return exit_code


def _run(verb: Callable[[Settings], int], as_json: bool, port: object) -> int:
    """The exit code of a verb, after showing what went wrong."""
    from archive.surroundings import trouble_behind

    try:
        exit_code = verb(read({**os.environ, **({} if port is None else {"TERUGBLIK_PORT": str(port)})}))
        sys.stdout.flush()  # output that cannot be written, as on a full disk, is an error like others
    except TerugblikError as error:
        _show_error(error, as_json)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        trouble = trouble_behind(error)
        _show_error(trouble or ServiceUnavailable(f"The system does not let this be done: {error}."), as_json)
        return ServiceUnavailable.exit_code
    return exit_code


def _show_error(error: TerugblikError, as_json: bool) -> None:
    with suppress(OSError):  # if this cannot be written either, the exit code says it
        if as_json:
            _print_json(error.as_json())
        else:
            _remark(f"terugblik: {error.message}\n{error.hint}")
    try:
        sys.stdout.flush()
    except OSError:  # Python would try again at the end of the program
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)


def _remark(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _answer(as_json: bool, value: object, text: str) -> int:
    """Print a result for programs, or for people."""
    if as_json:
        _print_json(value)
    else:
        print(text)
    return 0


@contextmanager
def _opened(settings: Settings, *, writes: bool = False) -> "Iterator[OpenArchive]":
    """The archive. A verb that writes says so here, and is refused in a read-only archive."""
    from archive.open_archive import OpenArchive

    opened = OpenArchive.open(settings)
    with opened.catalogue:
        if writes:
            opened.require_writing()
        yield opened


@contextmanager
def _progress(unit: str, *, is_shown: bool = True) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr; what is given is told how many are done, of how many."""
    from tqdm import tqdm

    often = 0.2 if sys.stderr.isatty() else 10
    with tqdm(unit=unit, leave=False, mininterval=often, disable=not is_shown) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show


@contextmanager
def _page_progress(*, is_shown: bool = True) -> Iterator[Callable[[Document, int, int], None]]:
    with _progress("page", is_shown=is_shown) as show:

        def show_document(document: Document, done: int, total: int) -> None:
            show(done, total)

        yield show_document


def _print_beside_progress(text: str) -> None:
    from tqdm import tqdm

    tqdm.write(text)


@program.verb("harvest", _TAKE_IN, "Take in the documents that an official page lists.")
@click.argument("source", metavar="URL_OR_HTML_FILE", type=click.Path())
@click.option("--dry-run", is_flag=True, help="Only show what the page lists.")
def _harvest(settings: Settings, as_json: bool, source: str, dry_run: bool) -> int:
    from ingest.acquisition.harvest import harvest

    def accepted(intake: "Intake") -> "Iterator[Acceptance]":
        for found in harvest(source, intake, source_page=settings.source_page, dry_run=dry_run):
            if found.acceptance is not None:
                yield found.acceptance
            else:
                _answer(as_json, found.as_json(), found.as_text())

    with _opened(settings, writes=not dry_run) as opened:
        return _take_in(opened, accepted(_intake(opened)), as_json)


@program.verb("add", _TAKE_IN, "Take in files, folders or links, and wait until they can be searched.")
@click.argument("sources", nargs=-1, required=True, metavar="FILE_OR_FOLDER_OR_URL...", type=click.Path())
@click.option("--plan", metavar="SLUG")
@click.option("--year", type=int)
@click.option("--date", metavar="2014-04-24", help="A year, year and month, or day.")
@click.option("--title")
@_LANGUAGE
@click.option("--kind", type=click.Choice(KINDS))
def _add(settings: Settings, as_json: bool, sources: Sequence[str], **described: Any) -> int:
    from ingest.acquisition.intake import expand

    description = Description(**described)
    with _opened(settings, writes=True) as opened:
        if description.plan is not None:
            opened.catalogue.plan(description.plan)
        intake, files = _intake(opened), (file for given in sources for file in expand(given))
        return _take_in(opened, (intake.accept(file, description) for file in files), as_json)


@program.verb("demonstrate", _TAKE_IN, "Take in the demonstration collection if the archive is empty.")
def _demonstrate(settings: Settings, as_json: bool) -> int:
    from archive import demonstration

    with _opened(settings) as opened:
        if opened.catalogue.documents(statuses=get_args(Status)):
            return 0
        opened.require_writing()
        _remark("The archive is empty: taking in the demonstration collection.")
        intake, shown = _intake(opened), demonstration.collection()
        accepted = (intake.accept(str(one.path), one.description, is_demonstration=True) for one in shown)
        return _take_in(opened, accepted, as_json)


def _intake(opened: "OpenArchive") -> "Intake":
    from ingest.acquisition.intake import Intake

    settings = opened.settings
    return Intake(
        opened.catalogue,
        opened.originals,
        AGENT,
        settings.max_file_size,
        allow_private=settings.private_addresses,
    )


def _take_in(opened: "OpenArchive", accepted: "Iterable[Acceptance]", as_json: bool) -> int:
    """Wait until each file can be searched, and show its outcome; the exit code."""
    from ingest.jobs.queue_work import Hindered
    from ingest.jobs.waiting import Newcomers

    newcomers = Newcomers(opened.catalogue, partial(_show_arrival, as_json=as_json))
    for acceptance in accepted:
        newcomers.accept(acceptance)
    if newcomers.settle():
        try:
            with _page_progress() as show:
                newcomers.wait(_queue_work(opened), show)
        except Hindered as hindered:
            _remark(f"terugblik: {hindered.message}\n{hindered.hint}")
    if undrawn := newcomers.undrawn():
        _remark(
            f"Page images of {undrawn} of these documents are still to be drawn by a worker; "
            "their pages can be found and read."
        )
    return newcomers.exit_code


def _show_arrival(arrival: "Arrival", as_json: bool) -> None:
    document = arrival.document
    if not as_json:
        languages = ", ".join(document.languages) or "no language" if document else ""
        known = [document.id, f"{document.pages} pages in {languages}"] if document else []
        about = ": ".join(part for part in (*known, arrival.reason) if part)
        _print_beside_progress(f"{arrival.status:<9}  {arrival.source}  {about}")
        return
    from search_app.api.documents_as_json import coded_warnings

    _print_json(
        {
            "file": arrival.source,
            "id": document.id if document else None,
            "status": arrival.status,
            "pages": document.pages if document else 0,
            "languages": list(document.languages) if document else [],
            "ocr_pages": document.ocr_pages if document else 0,
            "reason": arrival.reason,
            "coded_warnings": coded_warnings(document.warnings) if document else [],
        }
    )


def _queue_work(opened: "OpenArchive") -> "QueueWork":
    from archive.catalogue.queue import Queue
    from ingest.jobs.queue_work import QueueWork

    return QueueWork(_worker(opened), Queue(opened.catalogue), opened.settings.data)


def _worker(opened: "OpenArchive", lease: float | None = None) -> "Worker":
    from archive.catalogue.claims import LEASE
    from archive.catalogue.queue import Queue
    from index.caretaker import Caretaker
    from index.preparation import Publication
    from ingest.jobs.worker import Worker
    from ingest.sandbox.supervisor import Limits

    settings, catalogue = opened.settings, opened.catalogue
    return Worker(
        catalogue,
        Queue(catalogue),
        opened.originals,
        settings.data,
        Limits(settings.memory_limit, settings.time_limit, settings.max_pages),
        Publication(catalogue, settings.data / "index", settings.data / "studies"),
        Caretaker(catalogue, settings.data / "index").look_over,
        settings.image_room,
        LEASE if lease is None else lease,
    )


@program.verb("work", _RUN, "Read and index what is waiting, until stopped; beside other workers, too.")
@click.option("--once", is_flag=True, help="Stop when nothing is waiting.")
@click.option(
    "--processes",
    type=click.IntRange(1, _MOST_PROCESSES),
    default=1,
    metavar="N",
    help="Workers on this machine, each in a process (default 1).",
)
@click.option("--parent", type=int, hidden=True)
@click.option("--behind-readers", is_flag=True, hidden=True)
@click.option("--lease", type=float, hidden=True)
def _work(
    settings: Settings,
    as_json: bool,
    once: bool,
    processes: int,
    parent: int | None,
    behind_readers: bool,
    lease: float | None,
) -> int:
    from archive.files.presence import Claimant
    from ingest.jobs.stop_signal import stop_signal, stop_with
    from ingest.jobs.worker_start import open_in_time, wait_until_writable

    stop = stop_signal()
    if processes > 1:
        return _work_together(as_json, once, processes, stop, lease)
    if parent is not None:
        stop_with(parent, stop)
    is_alone = parent is None or behind_readers  # else the bars of several would be written over each other
    if once:
        with _opened(settings, writes=True) as opened, _page_progress(is_shown=is_alone) as progress:
            worker = _worker(opened, lease)
            done = worker.run_once(progress, stop, looks_over=True, is_beside_others=True)
        return _tell_of_work(as_json, done, len(worker.elsewhere))
    if behind_readers:
        os.nice(_BEHIND_READERS)
    opened = open_in_time(settings, stop)
    with opened.catalogue, _page_progress(is_shown=is_alone) as progress:
        if behind_readers:
            wait_until_writable(opened, stop)
        else:
            opened.require_writing()
            _remark(f"A worker ({Claimant()}) works for the archive in {settings.data}.")
        _worker(opened, lease).run_forever(stop, progress)
    return 0


def _tell_of_work(as_json: bool, done: int, elsewhere: int) -> int:
    message = f"{done} jobs done."
    if elsewhere:
        message += f" {elsewhere} documents wait for a worker on a host that has their originals."
    return _answer(as_json, {"jobs": done, "elsewhere": elsewhere}, message)


def _work_together(
    as_json: bool, once: bool, processes: int, stop: "threading.Event", lease: float | None
) -> int:
    """Run several workers; the exit code."""
    from ingest.jobs.worker_processes import work_together

    command = [sys.executable, __file__, "work", "--parent", str(os.getpid())]
    command += ["--lease", str(lease)] if lease is not None else []
    command += ["--json", *(["--once"] if once else [])]
    ending = work_together(command, processes, stop, _remark)
    answers = [json.loads(line) for output in ending.outputs for line in output.splitlines()]
    for answer in answers:
        if "error" in answer:
            if as_json:
                _print_json(answer)
            else:
                _remark(f"terugblik: {answer['error']['message']}\n{answer['error']['hint']}")
            return ending.exit_code
    if once:
        done = sum(answer["jobs"] for answer in answers)
        elsewhere = max((answer["elsewhere"] for answer in answers), default=0)
        _tell_of_work(as_json, done, elsewhere)
    return ending.exit_code


@program.verb("serve", _RUN, "Start the web site and a worker.")
@click.option("--port", type=int, help="Default: TERUGBLIK_PORT.")
def _serve(settings: Settings, as_json: bool, port: int | None) -> int:
    from search_app.server import processes

    with processes.listen(settings) as listener:
        if settings.port == 0:
            free = listener.getsockname()[1]
            settings = replace(
                settings, port=free, base_url=settings.base_url.removesuffix(":0") + f":{free}"
            )
        with _opened(settings) as opened:  # and closed again: each process opens the archive itself
            opened.catalogue.database.require_whole()  # what is damaged is not shown as if it were proof
            if opened.is_read_only():
                _remark(
                    "The archive is read-only: it is shown, but nothing is taken in and nobody can sign in."
                )
        worker = [sys.executable, __file__, "work", "--behind-readers", "--parent", str(os.getpid())]

        def tell_started() -> None:
            address = {"url": settings.base_url}
            _answer(as_json, address, f"Terugblik is at {settings.base_url}/ (stop with Ctrl-C)")
            sys.stdout.flush()
            _show_index_faults(settings)

        processes.serve(settings, listener, worker, tell_started, _remark)
    return 0


def _show_index_faults(settings: Settings) -> None:
    """Say what readers will miss in searches, if anything, and whether it is repaired."""
    from index import soundness

    try:
        with _opened(settings) as opened:
            findings = soundness.look(opened.catalogue, settings.data / "index")
            sentences = soundness.what_readers_miss(findings, is_read_only=opened.is_read_only())
    except TerugblikError as error:
        sentences = [f"{error.message} {error.hint}"]
    for sentence in sentences:
        _remark(sentence)


@program.verb("reindex", _KEEP, "Build the index anew from the catalogue.")
def _reindex(settings: Settings, as_json: bool) -> int:
    from index.indexer import Indexer
    from ingest.description.dating import date_all

    with _opened(settings, writes=True) as opened:
        date_all(opened.catalogue, "reindex")
        with _progress("page") as on_progress:
            generation = Indexer(opened.catalogue, settings.data / "index").rebuild(on_progress)
        documents = len(opened.catalogue.documents())
    result = {"generation": generation, "documents": documents}
    return _answer(as_json, result, f"Indexed {documents} documents (generation {generation}).")


@program.verb("search", _READ, "Search the archive.")
@click.argument("query", metavar="QUERY")
@click.option("--year", metavar="2011-2020", help="A year, a range of years, or none.")
@_LANGUAGE
@click.option("--plan", metavar="SLUG")
@click.option("--limit", type=int, default=10, help="Hits to show (default 10).")
@click.option("--offset", type=int, default=0, help="Hits to leave out first.")
def _search(
    settings: Settings,
    as_json: bool,
    query: str,
    year: str | None,
    language: str | None,
    plan: str | None,
    limit: int,
    offset: int,
) -> int:
    from index.engine.contract import Filters
    from search_app.library import Library
    from search_app.search import results, results_as_text

    if not 1 <= limit <= 1000 or offset < 0:
        raise UsageError("--limit lies between 1 and 1000, --offset is not negative.")
    opened = Library.open(settings)
    with opened.catalogue:
        filters = Filters(
            years=_years(year) if year else None,
            languages=frozenset(one for one in LANGUAGES if one == language),
            plans=frozenset([opened.catalogue.plan(plan).slug] if plan else []),
        )
        found = results.search(opened, query, filters, per_page=limit, offset=offset, boxes=as_json)
    if as_json:
        _print_json(results.as_json(found, settings.base_url))
        return 0
    for remark in results_as_text.remarks_on(found):
        _remark(remark)
    print(results_as_text.as_text(found, settings.base_url))
    return 0


def _years(text: str) -> "Years":
    from index.query.tree import NONE, UNDATED

    if text == NONE:
        return UNDATED
    match = re.fullmatch("([0-9]{4})(?:-([0-9]{4}))?", text)
    if match is None or int(match[1]) > int(match[2] or match[1]):
        raise UsageError(
            f"--year is {text!r}; give a year, such as 2011, a range, such as 2011-2020, or none."
        )
    return int(match[1]), int(match[2] or match[1])


@program.verb("text", _READ, "Print the text of a document in reading order.")
@_DOCUMENT
@click.option("--page", type=int, metavar="N", help="Only this physical page.")
def _text(settings: Settings, as_json: bool, document: str, page: int | None) -> int:
    from archive.catalogue.page_as_text import write_page

    with _opened(settings) as opened:
        catalogue = opened.catalogue
        described = catalogue.document(document)
        pages = iter([catalogue.page(document, page)]) if page is not None else catalogue.pages(document)
        if as_json:
            from search_app.api.documents_as_json import page_as_json

            read_pages = [page_as_json(one, described.warnings) for one in pages]
            _print_json({"document": described.id, "pages": read_pages})
            return 0
        for one in pages:
            print(write_page(one))
    return 0


@program.verb("correct", _CARE, "Put the text of a page right by hand; no later reading undoes it.")
@_DOCUMENT
@_PAGE
@click.argument(
    "file",
    metavar="FILE",
    type=click.Path(),
    help="What `text --page N` printed, edited; - for stdin.",
)
def _correct(settings: Settings, as_json: bool, document: str, page: int, file: str) -> int:
    from archive.catalogue.page_as_text import read_page_file, read_page_text

    with _opened(settings, writes=True) as opened:
        catalogue = opened.catalogue
        described = catalogue.document(document)
        languages = catalogue.page_as_read(document, page).languages
        language = languages[0] if languages else described.language or LANGUAGES[0]
        blocks = read_page_text(read_page_file(file), page, language)
        is_changed = catalogue.correct_page(document, page, blocks, AGENT)
        _finish_jobs(opened)
    result = {"document": document, "page": page, "changed": is_changed}
    done = "is corrected" if is_changed else "already has this text"
    return _answer(as_json, result, f"Page {page} {done}.")


@program.verb("uncorrect", _CARE, "Show a page as it was read again; the history keeps the text.")
@_DOCUMENT
@_PAGE
def _uncorrect(settings: Settings, as_json: bool, document: str, page: int) -> int:
    with _opened(settings, writes=True) as opened:
        opened.catalogue.withdraw_correction(document, page, AGENT)
        _finish_jobs(opened)
    result = {"document": document, "page": page, "changed": True}
    return _answer(as_json, result, f"Page {page} is shown as it was read.")


@program.verb("ocr", _CARE, "Say whether OCR is to read a page, and read the document again.")
@_DOCUMENT
@_PAGE
@click.option("--force", is_flag=True, help="Read the image, whatever the text layer says.")
@click.option("--forbid", is_flag=True, help="Never read the image.")
@click.option("--automatic", is_flag=True, help="Let the program choose the better reading.")
def _ocr(settings: Settings, as_json: bool, document: str, page: int, **choices: bool) -> int:
    from archive.catalogue.queue import Queue
    from search_app.api.documents_as_json import page_as_json

    if sum(choices.values()) != 1:
        raise UsageError("Give one of --force, --forbid and --automatic.")
    instruction = next((one for one in get_args(OcrInstruction) if choices[one]), None)
    with _opened(settings, writes=True) as opened:
        catalogue = opened.catalogue
        if catalogue.instruct_ocr(document, page, instruction, AGENT):
            with _page_progress() as show:
                list(_queue_work(opened).wait_until_read([document], show))
        job = Queue(catalogue).latest(document, "read")
        if job is not None and job.state == "failed":
            raise BadInputFile(f"The document could not be read again: {job.reason}")
        shown = page_as_json(catalogue.page(document, page))
    result = {"document": document, "page": page, "ocr": instruction or "automatic"}
    return _answer(
        as_json,
        {**result, "source": shown["source"], "health": shown["health"]},
        f"Page {page}: {shown['source']} ({shown['health']['choice'] or 'no choice was made'})",
    )


@program.verb("reread", _CARE, "Read documents from their originals again; corrections stay.")
@click.argument("documents", nargs=-1, metavar="DOCUMENT_ID...")
@click.option("--all", "all_of_them", is_flag=True, help="Every document that is not withdrawn.")
@click.option("--queue", "only_queue", is_flag=True, help="Leave it to the worker; do not wait.")
def _reread(
    settings: Settings, as_json: bool, documents: Sequence[str], all_of_them: bool, only_queue: bool
) -> int:
    from ingest.jobs.queue_work import Hindered
    from ingest.jobs.waiting import reread

    if all_of_them == bool(documents):
        raise UsageError("Give either documents or --all.")
    has_failed = False
    with _opened(settings, writes=True) as opened:
        if all_of_them:
            concerned = opened.catalogue.documents(("ready", "failed"))
        else:
            concerned = [opened.catalogue.document(identifier) for identifier in dict.fromkeys(documents)]
        work = None if only_queue else _queue_work(opened)
        try:
            with _page_progress() as show:
                for one in reread(opened.catalogue, concerned, work, show):
                    _show_reading(one, as_json)
                    has_failed |= one.status == "failed"
        except Hindered as hindered:
            _remark(f"terugblik: {hindered.message}\n{hindered.hint}")
            return hindered.exit_code
    return BadInputFile.exit_code if has_failed else 0


def _show_reading(one: "Rereading", as_json: bool) -> None:
    document = one.document
    if as_json:
        counts = {"pages": document.pages, "ocr_pages": document.ocr_pages}
        languages = {"languages": list(document.languages)}
        _print_json({"id": document.id, "status": one.status, **counts, **languages, "reason": one.reason})
    else:
        reason = f": {one.reason}" if one.reason else ""
        _print_beside_progress(f"{one.status:<9}  {document.id}  {document.title}{reason}")


@program.verb("list", _READ, "List all documents and their status.")
def _list(settings: Settings, as_json: bool) -> int:
    with _opened(settings) as opened:
        documents = opened.catalogue.documents(statuses=get_args(Status))
    if as_json:
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
    from search_app.api.documents_as_json import document_as_json

    return {
        **document_as_json(document, settings.base_url, document.warnings, damage),
        "status": document.status,
        "reason": document.reason,
    }


@program.verb("show", _READ, "Show what is known of a document, and its history.")
@_DOCUMENT
def _show(settings: Settings, as_json: bool, document: str) -> int:
    with _opened(settings) as opened:
        described = opened.catalogue.document(document)
        damage = opened.damage(described)
        events = opened.catalogue.events(described.id)
        plan = next((plan for plan in opened.catalogue.plans() if plan.slug == described.plan), None)
    if as_json:
        history = [{**asdict(event), "at": event.at.isoformat()} for event in events]
        _print_json({**_document_as_json(described, settings, damage), "events": history})
        return 0
    from search_app.desk.document_as_text import as_text

    print(as_text(described, plan, damage, events, settings.base_url))
    return 0


@program.verb("quote", _READ, "Find where, and whether exactly, a quotation stands in the archive.")
@click.argument("text", metavar="QUOTATION")
def _quote(settings: Settings, as_json: bool, text: str) -> int:
    from index.quotation import quote_report, verdict
    from search_app.api import documents_as_json
    from search_app.library import Library

    opened = Library.open(settings)
    with opened.catalogue:
        report = verdict.find(text, opened.engine(), opened.catalogue)
        search = documents_as_json.phrase_address(opened, text)
        found = quote_report.as_json(report, partial(documents_as_json.match_address, opened), search)
        titles = {match.document: opened.catalogue.document(match.document).title for match in report.matches}
    if as_json:
        _print_json(found)
        return 0
    print(quote_report.as_text(text, found, titles))
    return 0


@program.verb("check", _KEEP, "Check originals, catalogue and all that is derived; say what to do.")
@click.option("--repair", is_flag=True, help="Make again what can be made again.")
@click.option(
    "--from", "source", type=_FOLDER, metavar="FOLDER", help="Put originals back from this backup or bag."
)
def _check(settings: Settings, as_json: bool, repair: bool, source: Path | None) -> int:
    from archive.preservation import problems
    from archive.preservation.check_outcomes import record_if_possible
    from archive.preservation.problems import Problem

    if source is not None and not repair:
        raise UsageError("--from names where originals are put back from.", "Give --repair as well.")
    if source is not None and not source.is_dir():
        raise NotFound(f"There is no folder {source}.", "Name the folder of a backup, or a bag.")
    with ExitStack() as stack:
        opened, more = None, dict[str, object]()
        try:
            opened = stack.enter_context(_opened(settings))
        except TerugblikError as error:  # originals are checked all the same
            more |= error.as_json()
        report, mended = _look(opened, settings), list[Problem]()
        if repair and opened is not None and not report.ok:
            found, report = report, _repair(opened, report, source)
            left = {problem.identity for problem in report.problems}
            mended = [problem for problem in found.problems if problem.identity not in left]
        if unrecorded := record_if_possible(opened, report, AGENT, len(mended)):
            _remark(unrecorded)
    if as_json:
        more |= {"repaired": [problem.as_json() for problem in mended]} if repair else {}
        _print_json({**report.as_json(), "recorded": not unrecorded, **more})
    else:
        for problem in mended:
            print(f"Repaired: {problem.kind}: {problem.document or '-'}: {problem.detail}")
        print(problems.as_text(report))
    return 0 if report.ok else DamagedArchive.exit_code


def _look(opened: "OpenArchive | None", settings: Settings) -> "CheckReport":
    """Check originals and catalogue and, if the catalogue can be read, what is derived from them."""
    from archive.preservation import fixity

    with _progress("file") as on_progress:
        report = fixity.check(settings.database_url, settings.data / "originals", on_progress)
    is_usable = report.is_catalogue_usable
    return report.with_problems(_derived_problems(opened) if opened is not None and is_usable else ())


def _derived_problems(opened: "OpenArchive") -> "Iterator[Problem]":
    """The problems of derived data; what is being made at the moment is left out."""
    from archive.images.large_images import damaged_large_images
    from archive.images.page_images import faulty_images
    from archive.preservation.problems import Problem, problems_of_documents
    from index import soundness
    from index.preparation import faulty_studies
    from ingest.language.collection_words_file import WordsFile

    settings = opened.settings
    for finding in soundness.look(opened.catalogue, settings.data / "index"):
        yield Problem(finding.kind, finding.document, finding.detail)
    yield from problems_of_documents(
        opened.catalogue, lambda documents: faulty_images(settings.data, documents, thorough=True)
    )
    yield from problems_of_documents(
        opened.catalogue, lambda documents: damaged_large_images(settings.data, documents)
    )
    yield from problems_of_documents(
        opened.catalogue,
        lambda documents: faulty_studies(opened.catalogue, settings.data / "studies", documents),
    )
    if damage := WordsFile(settings.data, opened.catalogue).damage():
        yield Problem("DamagedWords", None, damage)


_MADE_BY: Mapping[str, JobKind] = {"Image": "render", "Study": "compare"}
"""The job that repairs problems of documents, by the beginning of the kind of problem."""


def _repair(opened: "OpenArchive", report: "CheckReport", source: Path | None) -> "CheckReport":
    """Make derived data again, put originals back from the folder `source`, and check once more."""
    from archive.catalogue.queue import Queue
    from archive.preservation import problems
    from archive.preservation.put_back import put_back
    from index.caretaker import Caretaker
    from ingest.language.collection_words_file import WordsFile

    if opened.is_read_only() or not report.is_catalogue_usable:
        _remark("Nothing is repaired: the archive is read-only, or its catalogue has to be restored first.")
        return report
    catalogue, queue, settings = opened.catalogue, Queue(opened.catalogue), opened.settings
    hurt = [one.document for one in report.problems if one.document and one.kind in problems.OF_THE_ORIGINAL]
    try:
        if source is not None:
            put_back(catalogue, opened.originals, hurt, source, _remark)
        opened.originals.clear_leftovers()
        Caretaker(catalogue, settings.data / "index").look_over()
        WordsFile(settings.data, catalogue).look_over()
        worker = _worker(opened)
        for begins, job in _MADE_BY.items():
            of_kind = [one for one in report.problems if one.kind.startswith(begins)]
            concerned = {one.document for one in of_kind if one.document}
            if job == "render":
                concerned = {one for one in concerned if not worker.lacks_original(one)}
            for identifier in concerned:
                queue.enqueue(identifier, job)
            with _page_progress() as show:
                while not concerned.isdisjoint(queue.changing((job,))):
                    _queue_work(opened).work_off(show)
    except ServiceUnavailable as error:
        _remark(f"Not everything could be repaired: {error.message} {error.hint}")
    return _look(opened, settings)


@program.verb("export", _KEEP, "Export a document with text and history as a BagIt bag.")
@_DOCUMENT
@click.option("--bag", required=True, type=_FOLDER, metavar="FOLDER", help="Folder to create.")
def _export(settings: Settings, as_json: bool, document: str, bag: Path) -> int:
    from archive.preservation.bagit_export import export

    with _opened(settings) as opened:
        folder = export(opened.catalogue, opened.originals, document, bag)
    return _answer(as_json, {"document": document, "bag": str(folder)}, f"Exported to {folder}")


@program.verb("recover", _KEEP, "Bring documents back from their originals and from bags.")
@click.argument(
    "bags",
    nargs=-1,
    type=_FOLDER,
    metavar="[BAG_FOLDER...]",
    help="Bags that `export` made, or folders of them.",
)
def _recover(settings: Settings, as_json: bool, bags: Sequence[Path]) -> int:
    from archive.preservation.recovery import recover

    with _progress("original") as on_progress:
        report = recover(settings.database_url, settings.data, bags, AGENT, on_progress)
    if as_json:
        _print_json(report.as_json())
    else:
        if report.documents:
            print(report.as_text())
        for remark in report.remarks():
            _remark(remark)
    return DamagedArchive.exit_code if report.damaged else 0


@program.verb("withdraw", _CARE, "Hide a document from readers; nothing is deleted.")
@_DOCUMENT
@click.option("--reason", required=True, help="Shown to readers who follow an old link.")
def _withdraw(settings: Settings, as_json: bool, document: str, reason: str) -> int:
    with _opened(settings, writes=True) as opened:
        opened.catalogue.withdraw(document, reason, AGENT)
        _finish_jobs(opened)
        return _show_status(opened.catalogue.document(document), as_json)


@program.verb("restore", _CARE, "Show a withdrawn document to readers again.")
@_DOCUMENT
def _restore(settings: Settings, as_json: bool, document: str) -> int:
    with _opened(settings, writes=True) as opened:
        opened.catalogue.restore(document, AGENT)
        _finish_jobs(opened)
        return _show_status(opened.catalogue.document(document), as_json)


def _finish_jobs(opened: "OpenArchive") -> None:
    """Do the jobs that follow from a change, unless a worker does them. The change itself is stored."""
    from archive.catalogue.worker_lock import WorkerRunning

    try:
        _worker(opened).run_once()
    except WorkerRunning:
        return
    except ServiceUnavailable as error:
        _remark(f"The change is kept, but what follows from it waits for a worker. {error.message}")


def _show_status(document: Document, as_json: bool) -> int:
    states = {
        "ready": "readers see it",
        "withdrawn": "readers do not see it, but are told why",
        "failed": f"it could not be read: {document.reason}",
    }
    state = states.get(document.status, "readers see it as soon as a worker has read it")
    result = {"id": document.id, "status": document.status, "reason": document.reason}
    return _answer(as_json, result, f"{document.id}: {state}.")


program.add_command(user)
program.by_purpose[_RUN].append("user")


@user.verb("add", _ACCOUNTS, "Make an account.")
@_NAME
def _add_user(settings: Settings, as_json: bool, name: str) -> int:
    with _accounts(settings, writes=True) as accounts:
        accounts.add(name, _new_password(), AGENT)
    return _answer(as_json, {"name": name}, f"{name} can sign in at {settings.base_url}/nl/archivist/")


@user.verb("password", _ACCOUNTS, "Give an account another password and sign it out everywhere.")
@_NAME
def _change_password(settings: Settings, as_json: bool, name: str) -> int:
    with _accounts(settings, writes=True) as accounts:
        accounts.change_password(name, _new_password(), AGENT)
    text = f"{name} has another password and was signed out everywhere."
    return _answer(as_json, {"name": name}, text)


@user.verb("remove", _ACCOUNTS, "Take an account away and sign it out everywhere.")
@_NAME
def _remove_user(settings: Settings, as_json: bool, name: str) -> int:
    with _accounts(settings, writes=True) as accounts:
        accounts.remove(name, AGENT)
    text = f"{name} is no account any more and was signed out everywhere; the history keeps the name."
    return _answer(as_json, {"name": name}, text)


@user.verb("list", _ACCOUNTS, "List all accounts.")
def _list_users(settings: Settings, as_json: bool) -> int:
    with _accounts(settings) as accounts:
        everybody = [
            {"name": account.name, "created_at": account.created_at.isoformat(timespec="seconds")}
            for account in accounts.all()
        ]
    if as_json:
        _print_json({"accounts": everybody})
    for account in () if as_json else everybody:
        print(f"{account['created_at']}  {account['name']}")
    return 0


@contextmanager
def _accounts(settings: Settings, *, writes: bool = False) -> "Iterator[Accounts]":
    from archive.accounts.accounts import Accounts

    with _opened(settings, writes=writes) as opened:
        yield Accounts(opened.catalogue)


def _new_password() -> str:
    """A password, typed twice at the terminal, or the first line of stdin."""
    import getpass

    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise UsageError("The two passwords differ.", "Try again.")
    return password


@program.verb("completion", _RUN, "Print what lets a shell complete verbs and options with Tab.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def _completion(_settings: Settings, as_json: bool, shell: str) -> int:
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(program, {}, "terugblik", "_TERUGBLIK_COMPLETE").source()
    return _answer(as_json, {"shell": shell, "script": script}, script)


if __name__ == "__main__":
    sys.exit(main())
