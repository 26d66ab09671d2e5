"""The catalogue, over both kinds of database: documents, their pages, their history."""

import dataclasses
import hashlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from archive.catalogue.catalogue import Catalogue, IdentifierCollision
from archive.catalogue.queue import Queue
from archive.errors import DamagedArchive, DocumentNotFound, NotFound, PageNotFound, UsageError
from archive.originals import StoredOriginal
from archive.reading_warnings import ReadingWarning
from archive.records import Description, Document, Page, Provenance
from tests.material.sample_pages import sample_block, sample_page

pytest_plugins = ["tests.surroundings.postgresql"]

ROOT = Path(__file__).parents[3]


@pytest.fixture
def catalogue(new_catalogue_url: str) -> Iterator[Catalogue]:
    with Catalogue.open(new_catalogue_url) as opened:
        yield opened


def original(name: str) -> StoredOriginal:
    return StoredOriginal(hashlib.sha256(name.encode()).hexdigest(), len(name))


def receive(catalogue: Catalogue, name: str = "a.pdf", description: Description | None = None) -> Document:
    return catalogue.receive(original(name), name, description or Description(), Provenance(), "tester")[0]


def receive_ready(
    catalogue: Catalogue, name: str = "a.pdf", description: Description | None = None
) -> Document:
    document = receive(catalogue, name, description)
    job = Queue(catalogue).claim()
    assert job is not None
    catalogue.start(document.id, "worker")
    catalogue.store_pages(
        document.id, [sample_page(1, sample_block(f"tekst van {name}"))], [], None, "worker"
    )
    Queue(catalogue).finish(job)
    return catalogue.mark_ready(document.id, "worker")


def waiting(catalogue: Catalogue) -> list[tuple[str, str]]:
    return [(job.document, job.kind) for job in Queue(catalogue).waiting()]


# Receiving


def test_a_new_document_is_received_with_its_event_and_its_job(catalogue: Catalogue) -> None:
    at = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)
    provenance = Provenance("https://a.example/x.pdf", "https://b.example/x.pdf", at, {"ETag": '"1"'})
    description = Description("Een titel", 2011, "new-deal", "speech", "nl")
    before = datetime.now(UTC)
    document, is_new = catalogue.receive(original("x"), "x.pdf", description, provenance, "tester", True)
    assert is_new
    assert document.id == hashlib.sha256(b"x").hexdigest()[:16]
    assert (document.title, document.year, document.plan, document.kind) == (
        "Een titel",
        2011,
        "new-deal",
        "speech",
    )
    assert (document.language, document.languages, document.status) == ("nl", (), "received")
    assert document.provenance == provenance
    assert document.is_demonstration
    assert before <= document.received_at <= datetime.now(UTC)
    assert waiting(catalogue) == [(document.id, "ingest")]
    (event,) = catalogue.events(document.id)
    assert (event.type, event.agent, event.before) == ("ingestion", "tester", {})
    assert event.after["title"] == "Een titel"
    assert event.after["source_url"] == "https://a.example/x.pdf"
    assert catalogue.document(document.id) == document


def test_what_is_held_is_not_received_again(catalogue: Catalogue) -> None:
    said = Description("Titel", 2011, "new-deal", "plan", "nl")
    here = Provenance("https://a.example/x.pdf", "https://a.example/x.pdf", None, {"ETag": "1"})
    first, _is_new = catalogue.receive(original("a"), "a.pdf", said, here, "tester")
    other = Description("Anders", 2005, "sociaal-pact", "other", "fr")
    there = Provenance("https://b.example/y.pdf", None, datetime.now(UTC), {"ETag": "2"})
    for description, provenance in ((said, here), (other, there), (Description(), Provenance())):
        again, is_new = catalogue.receive(original("a"), "other.pdf", description, provenance, "somebody")
        assert (again, is_new) == (first, False)
    assert len(waiting(catalogue)) == len(catalogue.events()) == 1


def test_what_was_unknown_of_a_held_document_is_learned_when_it_is_added_again(catalogue: Catalogue) -> None:
    document = receive_ready(catalogue, description=Description(title="Titel"))
    at = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)
    there = Provenance("https://a.example/x.pdf", None, at, {"ETag": "1"})
    harvested = Description("Anders", 2011, "new-deal")
    again, is_new = catalogue.receive(original("a.pdf"), "b.pdf", harvested, there, "harvester")
    assert not is_new
    assert again == dataclasses.replace(
        document, year=2011, date="2011", is_date_said=True, plan="new-deal", provenance=there
    )
    event = catalogue.events(document.id)[0]
    assert (event.type, event.agent) == ("metadata modification", "harvester")
    assert event.after["retrieved_at"] == at.isoformat()
    assert waiting(catalogue) == [(document.id, "ingest")]


def test_where_a_held_document_came_from_is_learned_without_indexing_it_anew(catalogue: Catalogue) -> None:
    receive_ready(catalogue)
    there = Provenance("https://a.example/x.pdf")
    again, _is_new = catalogue.receive(original("a.pdf"), "a.pdf", Description(), there, "harvester")
    assert again.provenance == there
    assert waiting(catalogue) == []


def test_a_withdrawn_document_is_not_brought_back_by_adding_it(catalogue: Catalogue) -> None:
    document = receive_ready(catalogue)
    catalogue.withdraw(document.id, "verzoek", "archivist")
    again, is_new = catalogue.receive(original("a.pdf"), "a.pdf", Description(), Provenance(), "tester")
    assert (again.status, is_new) == ("withdrawn", False)


def test_a_failed_document_is_queued_again_when_it_is_added_again(catalogue: Catalogue) -> None:
    document = receive(catalogue)
    queue = Queue(catalogue)
    job = queue.claim()
    assert job is not None
    catalogue.mark_failed(document.id, "te groot", "worker")
    queue.fail(job, "te groot")
    again, is_new = catalogue.receive(
        original("a.pdf"), "a.pdf", Description(year=2005), Provenance(), "tester"
    )
    assert is_new
    assert (again.status, again.reason, again.year) == ("received", "", 2005)
    assert waiting(catalogue) == [(document.id, "ingest")]
    newest = catalogue.events(document.id)[0]
    assert newest.before == {"status": "failed", "reason": "te groot", "year": None, "date": None}


def test_another_file_with_the_same_identifier_is_refused_and_the_held_one_stays(
    catalogue: Catalogue,
) -> None:
    document = receive(catalogue)
    forged = StoredOriginal(document.sha256[:16] + "0" * 48, 5)
    with pytest.raises(IdentifierCollision) as caught:
        catalogue.receive(forged, "b.pdf", Description(), Provenance(), "tester")
    assert "a.pdf" in caught.value.message
    assert catalogue.document(document.id) == document
    assert len(catalogue.events()) == 1


_RECEIVE_TWENTY = """
import hashlib, sys
from archive.catalogue.catalogue import Catalogue
from archive.originals import StoredOriginal
from archive.reading_warnings import ReadingWarning
from archive.records import Description, Provenance
with Catalogue.open(sys.argv[1]) as catalogue:
    print("open", flush=True)
    sys.stdin.readline()
    for number in range(20):
        stored = StoredOriginal(hashlib.sha256(str(number).encode()).hexdigest(), number)
        print(catalogue.receive(stored, "x.pdf", Description(), Provenance(), "tester")[1], flush=True)
"""


def test_two_processes_that_receive_the_same_files_share_them(
    catalogue: Catalogue, new_catalogue_url: str
) -> None:
    def process() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", _RECEIVE_TWENTY, new_catalogue_url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    with process() as one, process() as other:
        for each in (one, other):
            assert each.stdout is not None
            assert each.stdout.readline() == "open\n"
        for each in (one, other):
            assert each.stdin is not None
            each.stdin.write("\n")
            each.stdin.flush()
        news = [each.communicate(timeout=60)[0].split() for each in (one, other)]
        assert (one.returncode, other.returncode) == (0, 0)
    assert [sorted(pair) for pair in zip(*news, strict=True)] == [["False", "True"]] * 20
    assert len(catalogue.events()) == len(waiting(catalogue)) == 20


def test_names_and_headers_from_outside_are_cleaned(catalogue: Catalogue) -> None:
    document, _is_new = catalogue.receive(
        original("x"),
        "..\\..\\etc/ra\x00pport\udcff\u202efdp.pdf",
        Description(title=" Een\x00 \u202etitel\nmet\u00ad " + "x" * 1000),
        Provenance("https://a.example/\x00x", None, None, {"X-\x00Odd": "a\x00b\r\nSet-Cookie: c"}),
        "tes\x00ter",
    )
    assert document.filename == "rapportfdp.pdf"
    assert document.title.startswith("Een titel met xxx")
    assert len(document.title) == 500
    assert document.provenance.source_url == "https://a.example/x"
    assert document.provenance.http_headers == {"X-Odd": "ab Set-Cookie: c"}
    assert catalogue.events()[0].agent == "tester"


@pytest.mark.parametrize(
    "description",
    [
        Description(plan="no-such-plan"),
        Description(year=20111),
        Description(kind="poem"),  # type: ignore[arg-type]
        Description(language="es"),  # type: ignore[arg-type]
        Description(date="2014-13"),
        Description(date="2014-05", year=2015),
    ],
)
def test_a_description_that_cannot_be_is_refused(catalogue: Catalogue, description: Description) -> None:
    with pytest.raises((UsageError, NotFound)):
        receive(catalogue, description=description)
    assert catalogue.documents(["received"]) == []


def test_a_plan_itself_is_of_the_year_of_the_plan(catalogue: Catalogue) -> None:
    plan = receive(catalogue, "a", Description(plan="new-deal", kind="plan"))
    report = receive(catalogue, "b", Description(plan="new-deal", kind="report"))
    assert (plan.year, report.year) == (2011, None)
    other_year = receive(catalogue, "c", Description(year=2012))
    described = catalogue.describe(other_year.id, Description(plan="new-deal", kind="plan"), "archivist")
    assert described.year == 2012


# Finding


def test_documents_are_found_by_their_identifiers_whatever_their_status(catalogue: Catalogue) -> None:
    ready, waiting = receive_ready(catalogue, "a.pdf"), receive(catalogue, "b.pdf")
    receive(catalogue, "c.pdf")
    unknown = (f"{number:016x}" for number in range(1200))  # more than are asked for at once
    found = catalogue.documents_by_id([*unknown, ready.id, waiting.id])
    assert found == {ready.id: ready, waiting.id: waiting}


def test_documents_are_found_by_status_and_plan_in_order_of_year_and_title(catalogue: Catalogue) -> None:
    undated = receive_ready(catalogue, "undated", Description(title="Aardig"))
    late = receive_ready(catalogue, "late", Description(title="Zeker", year=2020, plan="new-deal"))
    lower = receive_ready(catalogue, "lower", Description(title="beleid", year=2005))
    upper = receive_ready(catalogue, "upper", Description(title="Contract", year=2005, plan="new-deal"))
    new = receive(catalogue, "new")
    assert [one.id for one in catalogue.documents()] == [lower.id, upper.id, late.id, undated.id]
    assert [one.id for one in catalogue.documents(plan="new-deal")] == [upper.id, late.id]
    assert [one.id for one in catalogue.documents(["received"])] == [new.id]
    assert catalogue.ready_documents() == {lower.id, upper.id, late.id, undated.id}


def test_what_is_not_there_is_said_not_to_be(catalogue: Catalogue) -> None:
    document = receive_ready(catalogue)
    for ask in (
        lambda: catalogue.document("0" * 16),
        lambda: catalogue.page("0" * 16, 1),
        lambda: list(catalogue.pages("0" * 16)),
        lambda: catalogue.page_labels("0" * 16),
        lambda: catalogue.events("0" * 16),
        lambda: catalogue.withdraw("0" * 16, "", "archivist"),
        lambda: catalogue.record("0" * 16, "fixity check", "tester", {}, {}),
    ):
        with pytest.raises(DocumentNotFound):
            ask()
    for number in (0, 2, -1, 10**30):
        with pytest.raises(PageNotFound):
            catalogue.page(document.id, number)
    with pytest.raises(NotFound) as caught:
        catalogue.plan("\x00nope")
    assert "new-deal" in caught.value.hint


def test_an_identifier_from_outside_may_hold_anything(catalogue: Catalogue) -> None:
    for identifier in ("", "\x00", "\udcff", "'; DROP TABLE documents; --", "x" * 100_000):
        with pytest.raises(DocumentNotFound):
            catalogue.document(identifier)
        with pytest.raises(DocumentNotFound):
            catalogue.page(identifier, 10**30)
        assert catalogue.documents(plan=identifier) == []


# Describing


def test_describing_changes_what_is_said_and_nothing_else(catalogue: Catalogue) -> None:
    document = receive_ready(catalogue, description=Description(title="Oud", year=2005))
    changed = catalogue.describe(document.id, Description(title="Nieuw", kind="report"), "archivist")
    assert changed == dataclasses.replace(document, title="Nieuw", kind="report")
    event = catalogue.events(document.id)[0]
    assert (event.type, event.agent) == ("metadata modification", "archivist")
    assert event.before == {"title": "Oud", "kind": None}
    assert event.after == {"title": "Nieuw", "kind": "report"}
    assert waiting(catalogue) == [(document.id, "ingest")]


def test_describing_what_is_so_already_leaves_no_trace(catalogue: Catalogue) -> None:
    document = receive_ready(catalogue, description=Description(title="Oud"))
    events = catalogue.events()
    assert catalogue.describe(document.id, Description(title="Oud"), "archivist") == document
    assert (catalogue.events(), waiting(catalogue)) == (events, [])


def test_a_title_year_and_plan_can_be_taken_away(catalogue: Catalogue) -> None:
    document = receive_ready(catalogue, "een_rapport.pdf", Description("Fout", 2005, "new-deal"))
    bare = catalogue.describe(document.id, Description(title="", year=0, plan=""), "archivist")
    assert (bare.title, bare.year, bare.plan) == ("een rapport", None, None)


def test_describing_a_failed_document_does_not_try_it_again(catalogue: Catalogue) -> None:
    document = receive(catalogue)
    Queue(catalogue).claim()
    catalogue.mark_failed(document.id, "versleuteld", "worker")
    catalogue.describe(document.id, Description(year=2005), "archivist")
    assert waiting(catalogue) == []


# Pages


def two_languages(number: int, suffix: str = "") -> Page:
    return sample_page(
        number,
        sample_block("Kop" + suffix, "nl", "heading"),
        sample_block("le pacte pour l’emploi" + suffix, "fr"),
        sample_block("het pact voor de werkgelegenheid van de Brusselaars" + suffix, "nl", top=90.5),
    )


ATTACHED = ReadingWarning("attachments", (), {"number": 1, "names": "rekening.xlsx"})


def test_pages_come_back_as_they_were_stored(catalogue: Catalogue) -> None:
    document = receive(catalogue)
    pages = [
        dataclasses.replace(two_languages(1), label="iv"),
        sample_page(2),
        sample_page(3, sample_block("gescand", "fr"), source="ocr"),
        sample_page(4, needs_ocr=True),
    ]
    catalogue.store_pages(document.id, iter(pages), [ATTACHED], "Gevonden titel", "worker")
    assert list(catalogue.pages(document.id)) == pages
    assert [catalogue.page(document.id, page.number) for page in pages] == pages
    assert catalogue.page_labels(document.id) == ["iv", "2", "3", "4"]
    read = catalogue.document(document.id)
    assert (read.pages, read.ocr_pages, read.pages_needing_ocr) == (4, 1, 1)
    assert (read.languages, read.language) == (("nl", "fr"), "nl")
    assert (read.title, read.warnings) == ("Gevonden titel", (ATTACHED,))
    event = catalogue.events(document.id)[0]
    assert (event.type, event.before["pages"], event.after["pages"]) == ("extraction", 0, 4)


def test_what_a_person_said_is_not_replaced_by_what_was_found(catalogue: Catalogue) -> None:
    document = receive(catalogue, description=Description(title="Gezegd", language="fr"))
    catalogue.store_pages(document.id, [two_languages(1)], [], "Gevonden", "worker")
    read = catalogue.document(document.id)
    assert (read.title, read.language, read.languages) == ("Gezegd", "fr", ("nl", "fr"))


def test_a_document_read_again_has_only_its_new_pages(catalogue: Catalogue) -> None:
    document = receive(catalogue)
    catalogue.store_pages(document.id, [two_languages(1), two_languages(2)], [ATTACHED], "Eerst", "worker")
    again = [sample_page(1, sample_block("opnieuw"))]
    catalogue.store_pages(document.id, again, [], None, "worker")
    assert list(catalogue.pages(document.id)) == again
    read = catalogue.document(document.id)
    assert (read.pages, read.languages, read.title) == (1, ("nl",), "a")
    assert read.warnings == (ReadingWarning("uncertain_title"),)


def test_until_all_pages_are_stored_readers_keep_the_old_ones(catalogue: Catalogue) -> None:
    document = receive_ready(catalogue)
    old = list(catalogue.pages(document.id))
    seen = []

    def pages() -> Iterator[Page]:
        for number in range(1, 101):
            if number == 90:  # many have gone to the database by now
                seen.append((list(catalogue.pages(document.id)), catalogue.document(document.id).pages))
            yield two_languages(number)

    catalogue.store_pages(document.id, pages(), [], None, "worker")
    assert seen == [(old, 1)]
    assert catalogue.document(document.id).pages == 100


def test_a_reading_that_breaks_off_changes_nothing(catalogue: Catalogue) -> None:
    document = receive_ready(catalogue)
    old = (list(catalogue.pages(document.id)), catalogue.document(document.id), catalogue.events())

    def pages() -> Iterator[Page]:
        for number in range(1, 81):
            yield two_languages(number)
        raise EOFError

    with pytest.raises(EOFError):
        catalogue.store_pages(document.id, pages(), [], None, "worker")
    assert (list(catalogue.pages(document.id)), catalogue.document(document.id), catalogue.events()) == old


def test_pages_that_contradict_themselves_are_refused(catalogue: Catalogue) -> None:
    document = receive_ready(catalogue)
    block = sample_block("een twee")
    moved = dataclasses.replace(block, words=(block.words[1]._replace(start=3),))
    for pages in (
        [two_languages(1), two_languages(3)],
        [two_languages(1), two_languages(1)],
        [sample_page(1, moved)],
    ):
        with pytest.raises(ValueError, match=r"was due|is not at"):
            catalogue.store_pages(document.id, pages, [], None, "worker")
    assert catalogue.document(document.id).pages == 1


def test_texts_come_in_the_order_asked_for_by_language(catalogue: Catalogue) -> None:
    one, other = receive(catalogue, "one"), receive(catalogue, "other")
    catalogue.store_pages(one.id, [two_languages(n, f" {n}") for n in range(1, 301)], [], None, "worker")
    catalogue.store_pages(other.id, [two_languages(1, " ander")], [], None, "worker")
    dutch = ["Kop {}", "het pact voor de werkgelegenheid van de Brusselaars {}"]

    def expected(suffix: str) -> list[str]:
        return [line.format(suffix) for line in dutch]

    keys = [(other.id, 1, "nl"), (one.id, 2, "nl"), (one.id, 2, "fr"), (one.id, 2, "de"), (one.id, 2, "nl")]
    assert catalogue.block_texts([*keys, ("0" * 16, 1, "nl"), (one.id, 999, "nl")]) == [
        expected("ander"),
        expected("2"),
        ["le pacte pour l’emploi 2"],
        [],
        expected("2"),
        [],
        [],
    ]
    everything = [(one.id, number, "nl") for number in range(300, 0, -1)]
    assert catalogue.block_texts(everything) == [expected(str(number)) for number in range(300, 0, -1)]
    assert catalogue.block_texts([]) == []


def test_texts_are_read_without_opening_the_words(catalogue: Catalogue) -> None:
    document = receive_ready(catalogue)
    with catalogue.database.writing() as connection:
        connection.execute(text("UPDATE passages SET words = :garbage"), {"garbage": b"garbage"})
    assert catalogue.block_texts([(document.id, 1, "nl")]) == [["tekst van a.pdf"]]
    with pytest.raises(DamagedArchive):
        catalogue.page(document.id, 1)


def test_readers_never_see_half_a_document_while_it_is_stored_again_and_again(catalogue: Catalogue) -> None:
    document = receive_ready(catalogue)
    finished = threading.Event()
    mixed: list[object] = []
    errors: list[BaseException] = []

    def read() -> None:
        try:
            while not finished.is_set():
                pages = list(catalogue.pages(document.id))
                texts = {block.text.split()[0] for page in pages for block in page.blocks}
                page = catalogue.page(document.id, 1)
                if len(texts) != 1 or len({block.text.split()[0] for block in page.blocks}) != 1:
                    mixed.append((texts, page))
        except BaseException as error:
            errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for round_ in range(8):
            blocks = [sample_block(f"ronde{round_} woord", top=20.0 * line) for line in range(6)]
            pages = [sample_page(number, *blocks) for number in range(1, 41)]
            catalogue.store_pages(document.id, pages, [], None, "worker")
    finally:
        finished.set()
        for reader in readers:
            reader.join()
    assert (mixed, errors) == ([], [])


# The life of a document


def test_a_document_goes_from_received_to_ready(catalogue: Catalogue) -> None:
    document = receive(catalogue)
    assert catalogue.start(document.id, "worker").status == "processing"
    assert catalogue.documents() == []
    catalogue.store_pages(document.id, [two_languages(1)], [], None, "worker")
    assert catalogue.documents() == []
    assert catalogue.mark_ready(document.id, "worker").status == "ready"
    assert [one.id for one in catalogue.documents()] == [document.id]
    assert catalogue.mark_images(document.id, "worker").images
    told = [(event.type, event.after.get("status")) for event in reversed(catalogue.events(document.id))]
    assert told == [
        ("ingestion", None),
        ("processing", "processing"),
        ("extraction", None),
        ("publication", "ready"),
        ("rendering", None),
    ]


def test_steps_that_are_taken_twice_change_nothing(catalogue: Catalogue) -> None:
    document = receive_ready(catalogue)
    catalogue.mark_images(document.id, "worker")
    state = (catalogue.document(document.id), catalogue.events())
    catalogue.mark_ready(document.id, "worker")
    catalogue.mark_images(document.id, "worker")
    assert (catalogue.document(document.id), catalogue.events()) == state


def test_a_document_without_pages_is_never_ready(catalogue: Catalogue) -> None:
    document = receive(catalogue)
    catalogue.store_pages(document.id, [], [], None, "worker")
    with pytest.raises(DamagedArchive):
        catalogue.mark_ready(document.id, "worker")
    assert catalogue.ready_documents() == frozenset()


def test_readers_keep_a_ready_document_while_it_is_read_again(catalogue: Catalogue) -> None:
    document = receive_ready(catalogue)
    assert catalogue.start(document.id, "worker").status == "ready"


def test_a_failed_document_says_why_and_can_be_tried_again(catalogue: Catalogue) -> None:
    document = receive(catalogue)
    Queue(catalogue).claim()
    failed = catalogue.mark_failed(document.id, "De bladzijden\x00 zijn versleuteld.", "worker")
    assert (failed.status, failed.reason) == ("failed", "De bladzijden zijn versleuteld.")
    again = catalogue.restore(document.id, "archivist")
    assert (again.status, again.reason) == ("received", "")
    assert waiting(catalogue) == [(document.id, "ingest")]


def test_a_withdrawn_document_is_hidden_at_once_and_can_be_brought_back(catalogue: Catalogue) -> None:
    document = receive_ready(catalogue)
    withdrawn = catalogue.withdraw(document.id, "Privacy", "archivist")
    assert (withdrawn.status, withdrawn.reason) == ("withdrawn", "Privacy")
    assert catalogue.ready_documents() == frozenset()
    assert waiting(catalogue) == [(document.id, "remove")]
    assert catalogue.restore(document.id, "archivist").status == "received"
    assert waiting(catalogue) == [(document.id, "ingest")]
    assert [event.type for event in catalogue.events(document.id)[:2]] == ["restoration", "withdrawal"]


def test_a_document_withdrawn_while_it_is_read_stays_withdrawn(catalogue: Catalogue) -> None:
    document = receive(catalogue)
    catalogue.start(document.id, "worker")
    catalogue.withdraw(document.id, "Privacy", "archivist")
    assert waiting(catalogue) == [(document.id, "remove")]
    catalogue.store_pages(document.id, [two_languages(1)], [], None, "worker")
    assert catalogue.mark_ready(document.id, "worker").status == "withdrawn"
    assert catalogue.mark_failed(document.id, "x", "worker").reason == "Privacy"
    assert catalogue.start(document.id, "worker").status == "withdrawn"


def test_only_what_is_withdrawn_or_failed_can_be_brought_back(catalogue: Catalogue) -> None:
    document = receive_ready(catalogue)
    with pytest.raises(UsageError):
        catalogue.restore(document.id, "archivist")
    assert waiting(catalogue) == []


# The history


def test_events_come_newest_first_of_one_document_or_of_all(catalogue: Catalogue) -> None:
    one, other = receive(catalogue, "one"), receive(catalogue, "other")
    catalogue.record(None, "fixity check", "tester", {}, {"ok": True, "problems": []})
    assert [event.document for event in catalogue.events()] == [None, other.id, one.id]
    assert catalogue.events()[0].after == {"ok": True, "problems": []}
    assert [event.document for event in catalogue.events(one.id)] == [one.id]
    assert len(catalogue.events(limit=2)) == 2
    assert len(catalogue.events(limit=None)) == 3


_REPLACE = "REPLACE INTO events SELECT id, document, type, 'nobody', at, before, after FROM events"


def test_the_database_refuses_to_change_the_history(catalogue: Catalogue, new_catalogue_url: str) -> None:
    receive(catalogue)
    history = catalogue.events()
    third = _REPLACE if new_catalogue_url.startswith("sqlite") else "TRUNCATE events"
    for statement in ("UPDATE events SET agent = 'nobody'", "DELETE FROM events", third):
        with pytest.raises(DBAPIError, match="never changed"), catalogue.database.writing() as connection:
            connection.execute(text(statement))
        assert catalogue.events() == history


def refuse_events_of(catalogue: Catalogue, agent: str) -> None:
    """Makes the database refuse every event of one agent, as a full disk would at the worst moment."""
    with catalogue.database.writing() as connection:
        if connection.dialect.name == "sqlite":
            statement = (
                f"CREATE TRIGGER refuse BEFORE INSERT ON events WHEN NEW.agent = '{agent}' "
                "BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
        else:
            statement = f"ALTER TABLE events ADD CONSTRAINT refuse CHECK (agent <> '{agent}')"
        connection.exec_driver_sql(statement)


def test_no_change_without_its_event(catalogue: Catalogue) -> None:
    ready, failed = receive_ready(catalogue, "ready"), receive(catalogue, "failed")
    catalogue.mark_failed(failed.id, "x", "worker")
    refuse_events_of(catalogue, "unlucky")

    def state() -> object:
        statuses = ("received", "processing", "ready", "failed", "withdrawn")
        pages = [list(catalogue.pages(one.id)) for one in (ready, failed)]
        return catalogue.documents(statuses), pages, waiting(catalogue), catalogue.events()

    before = state()
    for change in (
        lambda: catalogue.receive(original("new"), "new", Description(), Provenance(), "unlucky"),
        lambda: catalogue.receive(original("failed"), "failed", Description(), Provenance(), "unlucky"),
        lambda: catalogue.describe(ready.id, Description(title="x"), "unlucky"),
        lambda: catalogue.store_pages(ready.id, [two_languages(1)], [], None, "unlucky"),
        lambda: catalogue.start(failed.id, "unlucky"),
        lambda: catalogue.mark_failed(ready.id, "x", "unlucky"),
        lambda: catalogue.withdraw(ready.id, "x", "unlucky"),
        lambda: catalogue.restore(failed.id, "unlucky"),
        lambda: catalogue.mark_images(ready.id, "unlucky"),
    ):
        with pytest.raises(DBAPIError):
            change()
        assert state() == before


# Size, crashes

_STORE_MANY = """
import sys
from archive.catalogue.catalogue import Catalogue
from archive.originals import StoredOriginal
from archive.reading_warnings import ReadingWarning
from archive.records import Description, Provenance
from tests.surroundings.peak_memory import peak_memory
from tests.material.sample_pages import sample_page, sample_block
with Catalogue.open(sys.argv[1]) as catalogue:
    def store(digit, count):
        stored = StoredOriginal(digit * 64, 1)
        document, _is_new = catalogue.receive(stored, "x.pdf", Description(), Provenance(), "tester")
        block = sample_block(" ".join(["werkgelegenheid"] * 12))
        pages = (sample_page(number, block) for number in range(1, count + 1))
        catalogue.store_pages(document.id, pages, [], None, "worker")
        return sum(1 for _page in catalogue.pages(document.id))
    store("a", 200)
    before = peak_memory()
    assert store("b", 5000) == 5000
    print(peak_memory() - before)
"""


def test_storing_and_reading_5000_pages_takes_little_memory(new_catalogue_url: str) -> None:
    command = [sys.executable, "-c", _STORE_MANY, new_catalogue_url]
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert outcome.returncode == 0, outcome.stderr
    assert float(outcome.stdout) < 16  # MiB


_STORE_AND_HANG = """
import sys, time
from archive.catalogue.catalogue import Catalogue
from tests.material.sample_pages import sample_page, sample_block
def pages():
    for number in range(1, 501):
        yield sample_page(number, sample_block("half"))
    print("half", flush=True)
    time.sleep(60)
with Catalogue.open(sys.argv[1]) as catalogue:
    catalogue.store_pages(sys.argv[2], pages(), [], None, "worker")
"""


def test_a_writer_killed_half_way_leaves_the_old_pages(catalogue: Catalogue, new_catalogue_url: str) -> None:
    document = receive_ready(catalogue)
    old = (list(catalogue.pages(document.id)), catalogue.events())
    command = [sys.executable, "-c", _STORE_AND_HANG, new_catalogue_url, document.id]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        process.kill()
    assert (list(catalogue.pages(document.id)), catalogue.events()) == old
    catalogue.store_pages(document.id, [two_languages(1), two_languages(2)], [], None, "worker")
    assert catalogue.document(document.id).pages == 2
