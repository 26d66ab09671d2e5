"""The archivist's desk: add files; describe, withdraw and restore documents; see what needs attention.

Files are only stored and queued here; the web process never opens a PDF.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug import Response

from archive.accounts.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD, WrongPassword
from archive.catalogue.queue import Queue
from archive.dates import DateFinding, DateSource
from archive.errors import IsWithdrawn
from archive.languages import LANGUAGES
from archive.preservation.check_outcomes import damaged_documents, last_check, named_in_check
from archive.records import KINDS, Damage, Description, Document, Event, Job, JobKind
from search_app.desk import page_correction
from search_app.desk.hindrance import Hindrance, hindrance
from search_app.desk.sign_in import (
    SignInNeeded,
    change_password,
    is_desk_address,
    sign_in,
    sign_out,
    signed_in,
)
from search_app.desk.upload import Outcome, allow_upload, refuse_too_large, take_in
from search_app.library import ListPage, current_library
from search_app.web.display_names import file_size
from search_app.web.errors import SECONDS_TO_WAIT
from search_app.web.interface_language import interface_language
from search_app.web.parameters import Choice, Date, TextParameter, WrongParameter
from search_app.web.protection.form_tokens import check_form_token, check_token_before_files

blueprint = Blueprint("archivist", __name__)

_DESK = "/<any(nl, fr, en):interface>/archivist"
_DOCUMENT = f"{_DESK}/document/<identifier>"

_PUBLIC = {"archivist.door", "archivist.greet"}
"""Views for people who have not signed in."""

_EVENTS_ON_THE_DESK = 15
_DATES_ON_THE_DESK = 50
_EVENTS_IN_THE_HISTORY = 500


@blueprint.before_request
def _guard() -> Response | None:
    """Require an account for every view, a token for every form, and an archive that can be changed."""
    if request.method == "POST":
        current_library().require_writing()
    if request.endpoint not in _PUBLIC:
        g.archivist = signed_in()
        if g.archivist is None and request.method in ("GET", "HEAD"):
            return redirect(url_for("archivist.greet", next=request.path))
        if g.archivist is None:
            raise SignInNeeded(
                gettext("Only archivists who have signed in can do this."), gettext("Sign in and try again.")
            )
    if request.method == "POST" and request.endpoint == "archivist.add":
        allow_upload()
        refuse_too_large()
        check_token_before_files()
    elif request.method == "POST":
        refuse_too_large()
        check_form_token()
    return None


@blueprint.after_request
def _keep_private(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.context_processor
def _offer() -> dict[str, object]:
    return {"archivist": g.get("archivist")}


@blueprint.app_template_filter()
def date_source_name(finding: DateFinding) -> str:
    """Where a date was found, in words."""
    names: dict[DateSource, str] = {
        "listing": gettext("page that listed the document"),
        "title": gettext("title"),
        "file name": gettext("file name"),
        "cover": gettext("line on the first pages"),
        "plan": gettext("year of the plan"),
        "text": gettext("sentence in the text"),
    }
    return names[finding.source]


# Signing in and out


@blueprint.get("/archivist")
def door() -> Response:
    """Send the archivist to the desk in the language that their browser asks for."""
    return redirect(url_for("archivist.desk"))


@blueprint.route(f"{_DESK}/sign-in", methods=["GET", "POST"])
def greet() -> ResponseReturnValue:
    """The form to sign in."""
    on_to = request.values.get("next", "")
    if not is_desk_address(on_to):
        on_to = url_for("archivist.desk")
    if request.method == "GET":
        return render_template("desk/sign_in.html", on_to=on_to, name="", problem="")
    name = request.form.get("name", "").strip()
    if sign_in(name, request.form.get("password", "")):
        return redirect(on_to, HTTPStatus.SEE_OTHER)
    problem = gettext("There is no account with this name and password.")
    page = render_template("desk/sign_in.html", on_to=on_to, name=name, problem=problem)
    return page, HTTPStatus.FORBIDDEN


@blueprint.post(f"{_DESK}/sign-out")
def leave() -> Response:
    """End the session."""
    sign_out()
    return redirect(url_for("archivist.greet"), HTTPStatus.SEE_OTHER)


@blueprint.route(f"{_DESK}/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """The form to change the password."""
    problem = _password_problem() if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        flash(gettext("The password has been changed, and your other sessions have ended."))
        return redirect(url_for("archivist.desk"), HTTPStatus.SEE_OTHER)
    page = render_template("desk/password.html", problem=problem, shortest=SHORTEST_PASSWORD)
    return page, HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK


def _password_problem() -> str:
    """Change the password. Returns why it could not be changed, or ""."""
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        return str(gettext("The two new passwords differ."))
    try:
        if not change_password(request.form.get("password", ""), new):
            return str(gettext("That is not your current password."))
    except WrongPassword:
        return str(
            gettext(
                "A password has %(shortest)s to %(longest)s characters.",
                shortest=SHORTEST_PASSWORD,
                longest=LONGEST_PASSWORD,
            )
        )
    return ""


# Overview of documents and of what needs attention


@blueprint.get(f"{_DESK}/")
def desk() -> str:
    """The desk: documents that need checking, are being read, failed or need OCR, and recent activity."""
    library = current_library()
    holdings = library.holdings()
    catalogue, documents = library.catalogue, holdings.documents
    events = catalogue.events(limit=_EVENTS_ON_THE_DESK)
    doubtful = catalogue.doubtful_pages()
    queue = Queue(catalogue)
    running = queue.running()
    at_work = catalogue.documents_by_id(job.document for job in running)
    view = Desk(
        to_check=holdings.to_check(request.args.get("page", 1, type=int)),
        doubtful_dates=[document for document in documents if document.is_date_doubtful],
        jobs=Counter(queue.waiting_by_kind()),
        hindrance=hindrance(library.settings.data),
        running=[(at_work[job.document], job) for job in running if job.document in at_work],
        in_work=catalogue.documents(("received", "processing")),
        failed=catalogue.documents(("failed",)),
        needs_ocr=[document for document in documents if document.pages_needing_ocr],
        withdrawn=catalogue.documents(("withdrawn",)),
        doubtful=[(document, doubtful[document.id]) for document in documents if document.id in doubtful],
        damaged=[(each, library.damage(each)) for each in _damaged(documents)],
        last_check=last_check(catalogue),
        events=events,
        titles=_titles(events),
    )
    return render_template(
        "desk/desk.html", view=view, address=lambda number: url_for("archivist.desk", page=number)
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """The contents of the desk: what there is to do, and recent activity."""

    to_check: ListPage
    doubtful_dates: Sequence[Document]
    jobs: Counter[JobKind]
    """How many jobs of each kind wait."""
    hindrance: Hindrance | None
    """What keeps the worker waiting."""
    running: Sequence[tuple[Document, Job]]
    """What workers are doing, and with which document."""
    in_work: Sequence[Document]
    failed: Sequence[Document]
    needs_ocr: Sequence[Document]
    withdrawn: Sequence[Document]
    doubtful: Sequence[tuple[Document, int]]
    """Documents with pages whose text needs checking, and how many these are."""
    damaged: Sequence[tuple[Document, Damage | None]]
    """Documents that a check found damaged, and what is wrong with them now."""
    last_check: Event | None
    events: Sequence[Event]
    titles: Mapping[str, str]
    """The titles of the documents that the events are about, by identifier."""
    most_dates: int = _DATES_ON_THE_DESK
    """Most documents with doubtful dates that are listed."""


@blueprint.get(f"{_DESK}/documents")
def holdings() -> str:
    """Every document that readers see, to describe or withdraw, a hundred on a page."""
    return render_template(
        "desk/holdings.html",
        shown=current_library().holdings().page(request.args.get("page", 1, type=int)),
        address=lambda number: url_for("archivist.holdings", page=number),
    )


@blueprint.get(f"{_DESK}/history")
def history() -> str:
    """What happened in the archive, newest first."""
    events = current_library().catalogue.events(limit=_EVENTS_IN_THE_HISTORY)
    return render_template("desk/history.html", events=events, titles=_titles(events))


@blueprint.get(f"{_DOCUMENT}/")
def document(identifier: str) -> str:
    """One document: its description to be changed, its state, its history."""
    return _document_page(current_library().catalogue.document(identifier))


page_correction.put_views(blueprint, _DOCUMENT)


# Adding


@blueprint.route(f"{_DESK}/add", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    """Upload PDFs. Each is stored and queued on its own; one that is refused does not stop the others.

    The status is 503 if any file could not be added because of the server, such as a full disk. Programs then
    know that something must be sent again; the page says which.
    """
    outcomes: Sequence[Outcome] = ()
    problem = ""
    if request.method == "POST":
        files = [file for file in request.files.getlist("files") if file.filename]
        try:
            description = _described()
            outcomes = [take_in(file, description, g.archivist) for file in files]
            problem = "" if files else gettext("Choose at least one file.")
        except WrongParameter as error:
            problem = f"{error.message} {error.hint}"
    page = render_template(
        "desk/add.html",
        outcomes=outcomes,
        problem=problem,
        largest=file_size(current_library().settings.max_file_size),
        **_choices(),
    )
    if any(outcome.is_for_now for outcome in outcomes):
        return page, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": SECONDS_TO_WAIT}
    return page, HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK


# Changing


@blueprint.post(f"{_DOCUMENT}/describe")
def describe(identifier: str) -> ResponseReturnValue:
    """Change the description of a document; unchanged fields are left alone."""
    catalogue = current_library().catalogue
    document = catalogue.document(identifier)
    try:
        description = _changed(document)
    except WrongParameter as error:
        return _document_page(document, f"{error.message} {error.hint}"), HTTPStatus.BAD_REQUEST
    if description == Description():
        flash(gettext("Nothing was changed."))
    else:
        catalogue.describe(document.id, description, agent=g.archivist)
        flash(gettext("The description has been changed; search results will follow in a moment."))
    return _back_to(document)


@blueprint.post(f"{_DOCUMENT}/date")
def set_date(identifier: str) -> ResponseReturnValue:
    """Set the date of a document to one that was found in it, or state that none is known."""
    catalogue = current_library().catalogue
    document = catalogue.document(identifier)
    try:
        date = _DATE.read(request.form)
    except WrongParameter as error:
        return _document_page(document, f"{error.message} {error.hint}"), HTTPStatus.BAD_REQUEST
    catalogue.describe(document.id, Description(date=date), agent=g.archivist)
    flash(gettext("The description has been changed; search results will follow in a moment."))
    return _back_to(document)


@blueprint.post(f"{_DOCUMENT}/withdraw")
def withdraw(identifier: str) -> ResponseReturnValue:
    """Withdraw a document, with a reason that readers see."""
    catalogue = current_library().catalogue
    document = catalogue.document(identifier)
    reason = " ".join(request.form.get("reason", "").split())
    if not reason:
        problem = gettext("Give the reason; readers who follow an old link will see it.")
        return _document_page(document, problem), HTTPStatus.BAD_REQUEST
    catalogue.withdraw(document.id, reason, agent=g.archivist)
    flash(gettext("The document has been withdrawn."))
    return _back_to(document)


@blueprint.post(f"{_DOCUMENT}/restore")
def restore(identifier: str) -> Response:
    """Restore a withdrawn document, or try a failed one again."""
    document = current_library().catalogue.restore(identifier, agent=g.archivist)
    flash(gettext("The document will be read again."))
    return _back_to(document)


@blueprint.post(f"{_DOCUMENT}/read")
def read_again(identifier: str) -> Response:
    """Read a document again, such as after OCR was installed; readers see the present text meanwhile."""
    catalogue = current_library().catalogue
    document = catalogue.document(identifier)
    if document.status == "withdrawn":
        raise IsWithdrawn(f"The document {document.id} is withdrawn.")
    Queue(catalogue).enqueue(document.id, "read")
    flash(gettext("The document will be read again."))
    return _back_to(document)


# Parts of these views

_TITLE = TextParameter("title", "Title of the document.", 500)
_DATE = Date("date", "Date of the document, as full as it is known; empty: not known.")


def _described() -> Description:
    """The description in the form; an empty field is None."""
    plans = ["", *(plan.slug for plan in current_library().catalogue.plans())]
    return Description(
        title=_TITLE.read(request.form).strip() or None,
        date=_DATE.read(request.form) or None,
        plan=Choice("plan", "Plan.", plans, "").read(request.form) or None,
        kind=Choice("kind", "Sort.", [None, *KINDS], None).read(request.form),
        language=Choice("language", "Language.", [None, *LANGUAGES], None).read(request.form),
    )


def _changed(document: Document) -> Description:
    """The fields of the form that differ from the document.

    An emptied title or plan removes what was given before; an emptied date states that none is known.
    """
    described = _described()
    title = (
        "" if document.is_title_uncertain else document.title
    )  # the form does not offer the name of the file
    return Description(
        title=None if (described.title or "") == title else described.title or "",
        date=None if described.date == document.date else described.date or "",
        plan=None if described.plan == document.plan else described.plan or "",
        kind=None if described.kind == document.kind else described.kind,
        language=None if described.language == document.language else described.language,
    )


def _choices() -> dict[str, object]:
    plans = [(plan.slug, plan.titles[interface_language()]) for plan in current_library().catalogue.plans()]
    return {"plans": plans, "kinds": KINDS, "languages": LANGUAGES}


def _damaged(documents: Iterable[Document]) -> list[Document]:
    """The documents whose original a check found damaged, or is visibly damaged without hashing it."""
    library = current_library()
    found = {document.id: document for document in damaged_documents(library.catalogue)}
    for document in documents:
        if document.id not in found and library.originals.damage(document.sha256, may_hash=False):
            found[document.id] = document
    return list(found.values())


def _titles(events: Iterable[Event]) -> dict[str, str]:
    """The titles of the documents that events tell of, by identifier."""
    identifiers = {event.document for event in events if event.document}
    identifiers |= {identifier for event in events for identifier in named_in_check(event)}
    documents = current_library().catalogue.documents_by_id(identifiers)
    return {document.id: document.title for document in documents.values()}


def _document_page(held: Document, problem: str = "") -> str:
    library = current_library()
    return render_template(
        "desk/document.html",
        document=held,
        damage=library.damage(held),
        last_check=last_check(library.catalogue),
        events=library.catalogue.events(held.id),
        problem=problem,
        **_choices(),
    )


def _back_to(held: Document) -> Response:
    return redirect(url_for("archivist.document", identifier=held.id), HTTPStatus.SEE_OTHER)
