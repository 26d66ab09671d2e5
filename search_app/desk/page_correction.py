"""The archivist's desk for single pages: how each was read, whether OCR should read it, and its corrected
text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from http import HTTPStatus
from typing import Literal, get_args

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug import Response

from archive.catalogue.correction_rows import WrongCorrection, check_blocks
from archive.catalogue.page_as_text import read_page_text, write_blocks
from archive.languages import LANGUAGES, Language
from archive.records import (
    BlockKind,
    Box,
    Document,
    Event,
    OcrInstruction,
    Page,
    PageState,
    ReadingChoice,
    Word,
    WrittenBlock,
)
from search_app.document.marks import doubtful_words, strips
from search_app.image_requests import ImageState
from search_app.library import current_library
from search_app.web.parameters import PAGE, Choice

PageFilter = Literal["all", "doubtful", "ocr", "corrected", "needs-ocr"]
"""Which pages the table shows."""

_SHOW = Choice("show", "Which pages.", get_args(PageFilter), "all")
_INSTRUCTION = Choice("instruction", "What OCR is to do.", ["force", "forbid", "automatic"], "automatic")
_PAGES_AT_ONCE = 50

_END = "¶"
"""Marks the end of a block where words are compared."""
_MOST_PAIRS = 25_000_000
"""Most pairs of words that are compared fully; in longer texts, frequent words alone do not match."""
_FEW = 8
"""Words shown around a difference in the history of a page."""


_MOST_NAMED = 60
"""Most doubtful words that are listed above the text of a page."""


@dataclass(frozen=True, slots=True)
class TextDifference:
    """Words that two texts have in common, or that only one of them has."""

    kind: Literal["same", "left out", "put in", "skipped"]
    text: str


def put_views(blueprint: Blueprint, document: str) -> None:
    """Add the views for single pages to the desk's `blueprint`, below the address `document`."""
    page = f"{document}/page/<int:number>"
    blueprint.add_url_rule(f"{document}/pages", view_func=pages)
    blueprint.add_url_rule(f"{page}/", view_func=page_text)
    blueprint.add_url_rule(f"{page}/ocr", view_func=instruct_ocr, methods=["POST"])
    blueprint.add_url_rule(f"{page}/correct", view_func=correct, methods=["POST"])
    blueprint.add_url_rule(f"{page}/uncorrect", view_func=uncorrect, methods=["POST"])
    for name_in_words in (choice_name, instruction_name, block_kind_name):
        blueprint.add_app_template_filter(name_in_words)


def choice_name(choice: ReadingChoice) -> str:
    """Why a reading was chosen, in words."""
    names: dict[ReadingChoice, str] = {
        "": gettext("read by an earlier version, which did not record it"),
        "text layer is good": gettext("the text layer is good"),
        "text layer reads better": gettext("the text layer reads better than OCR"),
        "ocr reads better": gettext("OCR reads better than the text layer"),
        "no text layer": gettext("there is no text layer"),
        "no ocr engine": gettext("no OCR program was available"),
        "ocr forced": gettext("an archivist asked for OCR"),
        "ocr forbidden": gettext("an archivist ruled OCR out"),
        "ocr failed": gettext("OCR failed"),
        "blank": gettext("the page is blank"),
    }
    return names[choice]


def instruction_name(instruction: OcrInstruction | None) -> str:
    """What OCR is to do, in words."""
    names: dict[OcrInstruction | None, str] = {
        None: gettext("Automatic"),
        "force": gettext("Force"),
        "forbid": gettext("Forbid"),
    }
    return names[instruction]


def block_kind_name(kind: BlockKind) -> str:
    """The kind of a block, in words."""
    names: dict[BlockKind, str] = {
        "heading": gettext("heading"),
        "paragraph": gettext("paragraph"),
        "list": gettext("list"),
        "table": gettext("table"),
        "running": gettext("running head or page number"),
    }
    return names[kind]


def pages(identifier: str) -> str:
    """All pages of a document with their health; pages that need checking come first."""
    catalogue = current_library().catalogue
    document = catalogue.document(identifier)
    show, sheet = _SHOW.read(request.args), PAGE.read(request.args)
    states = catalogue.page_states(document.id)
    chosen = sorted((state for state in states if _is_shown(state, show)), key=_urgency)
    return render_template(
        "desk/pages.html",
        document=document,
        states=chosen[(sheet - 1) * _PAGES_AT_ONCE : sheet * _PAGES_AT_ONCE],
        show=show,
        sheet=sheet,
        last_sheet=max(1, -(-len(chosen) // _PAGES_AT_ONCE)),
        filters=[
            (choice, name, sum(_is_shown(state, choice) for state in states))
            for choice, name in _filter_names().items()
        ],
        lost=[
            correction
            for correction in catalogue.corrections(document.id)
            if correction.page > document.pages
        ],
    )


def page_text(identifier: str, number: int) -> str:
    """The form to correct the text of a page, next to its image, with the history of the page."""
    return _form(identifier, current_library().catalogue.page(identifier, number))


def instruct_ocr(identifier: str, number: int) -> Response:
    """Force OCR of a page, forbid it, or leave it to the program."""
    catalogue = current_library().catalogue
    chosen = _INSTRUCTION.read(request.form)
    instruction: OcrInstruction | None = None if chosen == "automatic" else chosen  # type: ignore[assignment]
    if catalogue.instruct_ocr(identifier, number, instruction, agent=g.archivist):
        flash(gettext("The document will be read again; until then readers see the present text."))
    else:
        flash(gettext("Nothing was changed."))
    show, sheet = _SHOW.read(request.form), PAGE.read(request.form)
    back = url_for("archivist.pages", identifier=identifier, show=show, page=sheet, _anchor=f"page-{number}")
    return redirect(back, HTTPStatus.SEE_OTHER)


def correct(identifier: str, number: int) -> ResponseReturnValue:
    """Preview how the text of the form differs from what was read, or save it as the correction."""
    catalogue = current_library().catalogue
    shown = catalogue.page(identifier, number)
    written = request.form.get("text", "")
    try:
        language = _language_of(shown, catalogue.document(identifier).language)
        checked = check_blocks(read_page_text(written, number, language))
        if request.form.get("do") == "preview":
            as_read = _written_blocks(catalogue.page_as_read(identifier, number))
            return _form(identifier, shown, written, differences=compare(as_read, checked))
        is_changed = catalogue.correct_page(identifier, number, checked, agent=g.archivist)
    except WrongCorrection as error:
        return _form(identifier, shown, written, problem=_message_for(error)), HTTPStatus.BAD_REQUEST
    if is_changed:
        flash(gettext("The page has been corrected; search results will follow in a moment."))
    else:
        flash(gettext("Nothing was changed."))
    return _back_to_page(identifier, number)


def uncorrect(identifier: str, number: int) -> Response:
    """Discard the correction of a page."""
    current_library().catalogue.withdraw_correction(identifier, number, agent=g.archivist)
    flash(gettext("The correction has been withdrawn; readers see the page as it was read."))
    if number > current_library().catalogue.document(identifier).pages:
        return redirect(url_for("archivist.pages", identifier=identifier), HTTPStatus.SEE_OTHER)
    return _back_to_page(identifier, number)


def compare(
    before: Sequence[WrittenBlock], after: Sequence[WrittenBlock], around: int = 0
) -> list[TextDifference]:
    """Compare two texts word by word.

    Args:
        around: number of equal words that are shown next to each difference; 0 for all.
    """
    old, new = _words(before), _words(after)
    differences: list[TextDifference] = []
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) * len(new) > _MOST_PAIRS)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            differences += _shared(old[start:end], around, is_first=start == 0, is_last=end == len(old))
            continue
        if start < end:
            differences.append(TextDifference("left out", " ".join(old[start:end])))
        if new_start < new_end:
            differences.append(TextDifference("put in", " ".join(new[new_start:new_end])))
    return differences


def _shared(words: Sequence[str], around: int, *, is_first: bool, is_last: bool) -> list[TextDifference]:
    head, tail = (0 if is_first else around), (0 if is_last else around)
    if not around or len(words) <= head + tail:
        return [TextDifference("same", " ".join(words))]
    shown = (
        TextDifference("same", " ".join(words[:head])),
        TextDifference("skipped", "…"),
        TextDifference("same", " ".join(words[len(words) - tail :])),
    )
    return [difference for difference in shown if difference.text]


def _words(blocks: Sequence[WrittenBlock]) -> list[str]:
    return [word for block in blocks for word in (*block.text.split(), _END)][:-1]


def _filter_names() -> dict[PageFilter, str]:
    return {
        "all": gettext("All pages"),
        "doubtful": gettext("Needs checking"),
        "ocr": gettext("Read by OCR"),
        "corrected": gettext("Corrected"),
        "needs-ocr": gettext("Needs OCR"),
    }


def _is_shown(state: PageState, show: str) -> bool:
    answers = {
        "all": True,
        "doubtful": state.is_doubtful,
        "ocr": state.source == "ocr",
        "corrected": state.correction is not None,
        "needs-ocr": state.needs_ocr,
    }
    return answers[show]


def _urgency(state: PageState) -> tuple[bool, float, int]:
    health = state.shown_health if state.shown_health is not None else 0.0
    return (not state.is_doubtful, health if state.is_doubtful else 0.0, state.number)


def _written_blocks(page: Page) -> list[WrittenBlock]:
    return [WrittenBlock(block.kind, block.language, block.text) for block in page.blocks]


def _form(
    identifier: str,
    shown: Page,
    written: str | None = None,
    *,
    problem: str = "",
    differences: Sequence[TextDifference] | None = None,
) -> str:
    catalogue = current_library().catalogue
    document = catalogue.document(identifier)
    state = catalogue.page_states(document.id)[shown.number - 1]
    as_read = catalogue.page_as_read(document.id, shown.number)
    if differences is None and state.correction is not None:
        differences = compare(_written_blocks(as_read), _written_blocks(shown))
    language = _language_of(shown, document.language)
    own_text = write_blocks(_written_blocks(shown), language)
    view = PageForm(
        document=document,
        page=shown,
        state=state,
        as_read=as_read,
        language=language,
        own_text=own_text,
        written=own_text if written is None else written,
        strips=[strips(box for word in block.words for box in word.boxes) for block in shown.blocks],
        doubtful=doubtful_words(shown.blocks),
        doubtful_by_block=_doubtful_by_block(shown),
        differences=differences,
        is_preview=request.form.get("do") == "preview" and not problem,
        history=[
            (event, _compare_event(event)) for event in catalogue.page_events(document.id, shown.number)
        ],
        image_state=current_library().images.state(document, shown.number)
        if document.status == "ready"
        else "none",
    )
    return render_template("desk/page.html", view=view, problem=problem)


@dataclass(frozen=True, slots=True)
class PageForm:
    """What the form for the text of a page shows."""

    document: Document
    page: Page
    state: PageState
    as_read: Page
    """The page without corrections."""
    language: Language
    own_text: str
    """The text of the page as it is written in the form."""
    written: str
    """The text in the form: that text, or what the archivist has typed."""
    strips: Sequence[Sequence[Box]]
    """The boxes of the lines of each block."""
    doubtful: Sequence[Word]
    """Words that OCR was not sure of."""
    doubtful_by_block: Mapping[int, Sequence[str]]
    differences: Sequence[TextDifference] | None
    """Differences between the text as read and the correction or the typed text; None if there is neither."""
    is_preview: bool
    """Whether the differences are those that saving would make."""
    history: Sequence[tuple[Event, Sequence[TextDifference]]]
    """What was done with the page, and the changes of its text."""
    image_state: ImageState | Literal["none"]
    most_named: int = _MOST_NAMED
    """Most doubtful words that are listed."""
    kinds: Sequence[BlockKind] = get_args(BlockKind)
    languages: Sequence[Language] = LANGUAGES


def _doubtful_by_block(page: Page) -> dict[int, list[str]]:
    """The words that OCR was not sure of, by the number of their block, from 0."""
    by_block = (doubtful_words([block]) for block in page.blocks)
    return {number: [word.text for word in found] for number, found in enumerate(by_block) if found}


def _language_of(page: Page, language: Language | None) -> Language:
    return page.languages[0] if page.languages else language or LANGUAGES[0]


def _compare_event(event: Event) -> list[TextDifference]:
    before, after = (
        [WrittenBlock(**block) for block in state.get("passages", ())]  # type: ignore[attr-defined]
        for state in (event.before, event.after)
    )
    return compare(before, after, around=_FEW)


def _message_for(error: WrongCorrection) -> str:
    """Why a correction was refused, in the language of the desk."""
    number = error.block
    messages: dict[str, str] = {
        "no text": gettext("The correction contains no text."),
        "too long": gettext("That is more text than a page can have."),
        "control character": gettext(
            "Block %(number)s contains a control character; type it again.", number=number
        ),
        "wrong page": gettext("This is the text of another page."),
        "passage without text": gettext("Block %(number)s contains no text.", number=number),
    }
    unknown: str = gettext("Block %(number)s is of an unknown kind or language.", number=number)
    return messages.get(error.problem, unknown)


def _back_to_page(identifier: str, number: int) -> Response:
    return redirect(
        url_for("archivist.page_text", identifier=identifier, number=number), HTTPStatus.SEE_OTHER
    )
