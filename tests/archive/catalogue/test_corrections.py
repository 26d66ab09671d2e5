"""What archivists say of pages, over both kinds of database: corrections and instructions on OCR."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.correction_rows import LONGEST_CORRECTION, WrongCorrection
from archive.catalogue.queue import Queue
from archive.errors import DocumentNotFound, NotFound, PageNotFound, UsageError
from archive.originals import StoredOriginal
from archive.reading_warnings import ReadingWarning
from archive.records import Description, Health, Page, Provenance, WrittenBlock
from tests.material.sample_pages import sample_block, sample_page

pytest_plugins = ["tests.surroundings.postgresql"]

READ: tuple[Page, ...] = (
    sample_page(1, sample_block("Het pact van Brussel", "nl", "heading"), sample_block("la tansition", "fr")),
    sample_page(2, sample_block("een beeld", "nl"), source="ocr"),
    sample_page(3, needs_ocr=True),
)
BY_HAND = (
    WrittenBlock("heading", "nl", "Het pact van Brussel"),
    WrittenBlock("paragraph", "fr", "La transition"),
)


@pytest.fixture
def catalogue(new_catalogue_url: str) -> Iterator[Catalogue]:
    with Catalogue.open(new_catalogue_url) as opened:
        yield opened


@pytest.fixture
def held(catalogue: Catalogue) -> str:
    """A document that readers see, with nothing left to do."""
    content = StoredOriginal(hashlib.sha256(b"a").hexdigest(), 1)
    document, _ = catalogue.receive(content, "a.pdf", Description(), Provenance(), "tester")
    read(catalogue, document.id, READ)
    queue = Queue(catalogue)
    while job := queue.claim():
        queue.finish(job)
    catalogue.mark_ready(document.id, "worker")
    return document.id


def read(catalogue: Catalogue, identifier: str, pages: Sequence[Page]) -> None:
    catalogue.store_pages(identifier, pages, [ReadingWarning("unreadable", (2,))], None, "worker")


def waiting(catalogue: Catalogue) -> list[str]:
    return [job.kind for job in Queue(catalogue).waiting()]


def text(page: Page) -> list[tuple[str, str, str]]:
    return [(block.kind, block.language, block.text) for block in page.blocks]


def test_health_is_kept_as_it_was_found(catalogue: Catalogue, held: str) -> None:
    health = Health(0.25, 0.875, "ocr reads better")
    read(catalogue, held, [replace(READ[0], health=health), *READ[1:]])
    assert catalogue.page(held, 1).health == health
    assert [page.health for page in catalogue.pages(held)] == [health, Health(), Health()]
    assert catalogue.page_states(held)[0].health == health


def test_pages_that_cannot_be_trusted_are_told(catalogue: Catalogue, held: str) -> None:
    poor = Health(0.5, 0.25, "text layer reads better")
    read(
        catalogue, held, [replace(READ[0], health=poor), replace(READ[1], health=Health(None, 0.99)), READ[2]]
    )
    first, second, third = catalogue.page_states(held)
    assert (first.shown_health, second.shown_health, third.shown_health) == (0.5, 0.99, None)
    assert [state.is_doubtful for state in (first, second, third)] == [True, False, True]
    assert catalogue.doubtful_pages() == {held: 2}
    catalogue.correct_page(held, 1, BY_HAND, "ann")
    assert not catalogue.page_states(held)[0].is_doubtful
    assert catalogue.doubtful_pages() == {held: 1}
    read(catalogue, held, READ)
    assert not catalogue.page_states(held)[0].is_doubtful
    read(catalogue, held, [sample_page(1), *READ[1:]])
    assert catalogue.page_states(held)[0].is_doubtful


def test_a_correction_is_what_readers_see(catalogue: Catalogue, held: str) -> None:
    assert catalogue.correct_page(held, 1, BY_HAND, "ann")
    shown = catalogue.page(held, 1)
    assert (shown.source, text(shown)[1]) == ("corrected", ("paragraph", "fr", "La transition"))
    assert [word.boxes for word in shown.blocks[1].words] == [word.boxes for word in READ[0].blocks[1].words]
    assert catalogue.page_as_read(held, 1) == READ[0]
    assert list(catalogue.pages(held)) == [shown, *READ[1:]]
    assert catalogue.block_texts([(held, 1, "fr")]) == [["La transition"]]
    assert waiting(catalogue) == ["ingest"]
    event = catalogue.events(held)[0]
    assert (event.type, event.agent) == ("correction", "ann")
    assert event.before["passages"][1]["text"] == "la tansition"  # type: ignore[index]
    assert event.after["passages"][1] == {"kind": "paragraph", "language": "fr", "text": "La transition"}  # type: ignore[index]
    first, second, _ = catalogue.page_states(held)
    assert first.correction is not None
    assert (first.correction.agent, first.correction.blocks) == ("ann", BY_HAND)
    assert (second.correction, first.is_reading_changed) == (None, False)


def test_a_correction_counts_for_the_document(catalogue: Catalogue, held: str) -> None:
    before = catalogue.document(held)
    assert (before.languages, before.ocr_pages, before.pages_needing_ocr) == (("nl", "fr"), 1, 1)
    english = [WrittenBlock("paragraph", "en", "A long text in English, which nobody could read before")]
    catalogue.correct_page(held, 2, english, "ann")
    catalogue.correct_page(held, 3, english, "ann")
    after = catalogue.document(held)
    assert (after.languages, after.ocr_pages, after.pages_needing_ocr) == (("en", "nl", "fr"), 0, 0)
    catalogue.withdraw_correction(held, 2, "ann")
    catalogue.withdraw_correction(held, 3, "ann")
    assert catalogue.document(held) == before


def test_a_correction_outlives_every_reading(catalogue: Catalogue, held: str) -> None:
    catalogue.correct_page(held, 1, BY_HAND, "ann")
    shown = catalogue.page(held, 1)
    read(catalogue, held, READ)
    assert catalogue.page(held, 1) == shown
    assert not catalogue.page_states(held)[0].is_reading_changed
    better = sample_page(1, sample_block("Het pact van Brussel la transition", top=300), source="ocr")
    read(catalogue, held, [better, *READ[1:]])
    assert text(catalogue.page(held, 1)) == text(shown)
    assert catalogue.page(held, 1).blocks[1].words[1].boxes == better.blocks[0].words[5].boxes
    assert catalogue.page_as_read(held, 1) == better
    assert catalogue.page_states(held)[0].is_reading_changed
    assert catalogue.correct_page(held, 1, BY_HAND, "els"), "it is confirmed for what is read now"
    assert not catalogue.page_states(held)[0].is_reading_changed
    assert not catalogue.correct_page(held, 1, BY_HAND, "els")


def test_a_correction_of_a_page_that_is_gone_is_kept_and_told_of(catalogue: Catalogue, held: str) -> None:
    always = (ReadingWarning("unreadable", (2,)), ReadingWarning("uncertain_title"))
    catalogue.correct_page(held, 3, BY_HAND, "ann")
    read(catalogue, held, READ[:2])
    assert catalogue.document(held).warnings == (ReadingWarning("corrections_lost", (3,)), *always)
    assert [correction.page for correction in catalogue.corrections(held)] == [3]
    with pytest.raises(PageNotFound):
        catalogue.page(held, 3)
    read(catalogue, held, READ)
    assert catalogue.page(held, 3).source == "corrected"
    assert catalogue.document(held).warnings == always
    read(catalogue, held, READ[:2])
    catalogue.withdraw_correction(held, 3, "ann")
    assert catalogue.document(held).warnings == always
    assert catalogue.corrections(held) == []


def test_a_withdrawn_correction_gives_back_what_was_read(catalogue: Catalogue, held: str) -> None:
    catalogue.correct_page(held, 1, BY_HAND, "ann")
    better = sample_page(1, sample_block("Het pact van Brussel"), source="ocr")
    read(catalogue, held, [better, *READ[1:]])
    catalogue.withdraw_correction(held, 1, "els")
    assert catalogue.page(held, 1) == catalogue.page_as_read(held, 1) == better
    assert [event.type for event in catalogue.page_events(held, 1)] == ["correction withdrawal", "correction"]
    assert catalogue.page_events(held, 2) == []
    with pytest.raises(NotFound):
        catalogue.withdraw_correction(held, 1, "els")


def test_a_reading_that_fails_leaves_the_correction_and_the_page(catalogue: Catalogue, held: str) -> None:
    catalogue.correct_page(held, 1, BY_HAND, "ann")
    before = list(catalogue.pages(held))

    def broken() -> Iterator[Page]:
        yield READ[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(catalogue, held, broken())  # type: ignore[arg-type]
    assert list(catalogue.pages(held)) == before
    assert catalogue.page_as_read(held, 1) == READ[0]


def test_a_correction_is_cleaned_before_it_is_kept(catalogue: Catalogue, held: str) -> None:
    said = [
        WrittenBlock(
            "paragraph", "fr", "  E\u0301tat\u00a0 de\tfait, e\ufb03cace\u200b so\u00adcial\r\n\r\nfin "
        ),
        WrittenBlock("table", "nl", "\tJaar \t Werk\n2009\t\t660 000\t\n \n"),
    ]
    catalogue.correct_page(held, 1, said, "ann")
    shown = catalogue.page(held, 1)
    assert shown.blocks[0].text == "État de fait, efficace social\nfin"
    assert shown.blocks[1].text == "\tJaar\tWerk\n2009\t\t660 000"


@pytest.mark.parametrize(
    ("blocks", "problem"),
    [
        ([], "no text"),
        ([("paragraph", "nl", " \n\t")], "no text"),
        ([("paragraph", "nl", "een"), ("paragraph", "nl", "\u00ad")], "passage without text"),
        ([("paragraph", "es", "uno")], "unknown language"),
        ([("poem", "nl", "een")], "unknown kind"),
        ([("paragraph", "nl", "ee\x00n")], "control character"),
        ([("paragraph", "nl", "ee\x0cn")], "control character"),
        ([("paragraph", "nl", "ee\ud83dn")], "control character"),
        ([("paragraph", "nl", "x" * (LONGEST_CORRECTION + 1))], "too long"),
        ([("paragraph", "nl", "x")] * 2_001, "too long"),
    ],
)
def test_what_can_be_no_correction_is_refused_with_a_reason(
    catalogue: Catalogue, held: str, blocks: list[tuple[str, str, str]], problem: str
) -> None:
    before = (catalogue.page(held, 1), len(catalogue.events(held)))
    with pytest.raises(WrongCorrection) as caught:
        catalogue.correct_page(held, 1, [WrittenBlock(*block) for block in blocks], "ann")  # type: ignore[arg-type]
    assert caught.value.problem == problem
    assert (caught.value.exit_code, caught.value.http_status) == (2, 400)
    assert len(caught.value.message) < 200
    assert (catalogue.page(held, 1), len(catalogue.events(held))) == before
    assert waiting(catalogue) == []


@pytest.mark.parametrize("number", [-1, 0, 4, 2**31, 2**70])
def test_a_page_that_is_not_there_is_said_to_be_so(catalogue: Catalogue, held: str, number: int) -> None:
    with pytest.raises(PageNotFound):
        catalogue.correct_page(held, number, BY_HAND, "ann")
    with pytest.raises(PageNotFound):
        catalogue.instruct_ocr(held, number, "force", "ann")
    with pytest.raises(NotFound):
        catalogue.withdraw_correction(held, number, "ann")
    with pytest.raises(PageNotFound):
        catalogue.page_as_read(held, number)


def test_a_document_that_is_not_there_is_said_to_be_so(catalogue: Catalogue) -> None:
    with pytest.raises(DocumentNotFound):
        catalogue.correct_page("0" * 16, 1, BY_HAND, "ann")
    with pytest.raises(DocumentNotFound):
        catalogue.withdraw_correction("0" * 16, 1, "ann")
    with pytest.raises(DocumentNotFound):
        catalogue.instruct_ocr("0" * 16, 1, "force", "ann")
    for look in (catalogue.ocr_instructions, catalogue.corrections, catalogue.page_states):
        with pytest.raises(DocumentNotFound):
            look("0" * 16)


def test_an_instruction_on_ocr_has_the_document_read_anew(catalogue: Catalogue, held: str) -> None:
    assert catalogue.instruct_ocr(held, 2, "force", "ann")
    assert not catalogue.instruct_ocr(held, 2, "force", "ann")
    catalogue.instruct_ocr(held, 1, "forbid", "ann")
    assert catalogue.ocr_instructions(held) == {1: "forbid", 2: "force"}
    assert waiting(catalogue) == ["read"]
    read(catalogue, held, READ)
    assert catalogue.ocr_instructions(held) == {1: "forbid", 2: "force"}
    assert [state.instruction for state in catalogue.page_states(held)] == ["forbid", "force", None]
    assert catalogue.instruct_ocr(held, 2, None, "els")
    assert catalogue.ocr_instructions(held) == {1: "forbid"}
    last = catalogue.page_events(held, 2)[0]
    assert (last.type, last.agent) == ("ocr instruction", "els")
    assert (last.before, last.after) == (
        {"page": 2, "instruction": "force"},
        {"page": 2, "instruction": None},
    )
    with pytest.raises(UsageError):
        catalogue.instruct_ocr(held, 2, "perhaps", "ann")  # type: ignore[arg-type]


def test_an_instruction_is_followed_also_after_the_document_was_withdrawn(
    catalogue: Catalogue, held: str
) -> None:
    catalogue.instruct_ocr(held, 2, "force", "ann")
    catalogue.withdraw(held, "superseded", "ann")
    with pytest.raises(UsageError):
        catalogue.instruct_ocr(held, 2, None, "ann")
    catalogue.restore(held, "ann")
    assert waiting(catalogue) == ["read"]


def test_a_withdrawn_document_is_corrected_without_being_shown(catalogue: Catalogue, held: str) -> None:
    catalogue.withdraw(held, "superseded", "ann")
    catalogue.correct_page(held, 1, BY_HAND, "ann")
    assert waiting(catalogue) == ["remove"]
    assert catalogue.document(held).status == "withdrawn"


def test_changes_come_before_what_is_read_again(catalogue: Catalogue, held: str) -> None:
    catalogue.instruct_ocr(held, 2, "force", "ann")
    catalogue.correct_page(held, 1, BY_HAND, "ann")
    assert waiting(catalogue) == ["ingest", "read"]
