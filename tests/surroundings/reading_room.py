"""A small archive, made through the public doors, for the tests of the pages.

Every word stands where a typewriter would put it: 6 points a character, 14 points a line.
"""

import re
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from flask.testing import FlaskClient

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.images.page_images import PageImages
from archive.languages import Language
from archive.originals import Originals
from archive.reading_warnings import ReadingWarning
from archive.records import Block, BlockKind, Box, Description, Document, Page, Provenance, Word
from archive.settings import Settings, read
from index.indexer import Indexer
from search_app.library import Library
from tests.surroundings.new_catalogue import put_new_catalogue

WIDTH, HEIGHT = 595.0, 842.0
_CHARACTER, _LINE, _MARGIN = 6.0, 14.0, 60.0

Said = tuple[BlockKind, Language, str]


def make_settings(folder: Path) -> Settings:
    """Settings for an archive in `folder`."""
    return read({"TERUGBLIK_DATA": str(folder), "TERUGBLIK_BASE_URL": "https://terugblik.example"})


def make_page(number: int, said: Sequence[Said], label: str = "", needs_ocr: bool = False) -> Page:
    """A page on which the passages stand one below the other."""
    top = _MARGIN
    passages = []
    for kind, language, text in said:
        passages.append(_passage(kind, language, text, top))
        top += _LINE * (text.count("\n") + 2)
    source = "text layer"
    return Page(number, label or str(number), WIDTH, HEIGHT, source, needs_ocr, tuple(passages))


def _passage(kind: BlockKind, language: Language, text: str, top: float) -> Block:
    words, start = [], 0
    for line_number, line in enumerate(text.split("\n")):
        for column, word in _words_of(line):
            left, above = _MARGIN + column * _CHARACTER, top + line_number * _LINE
            box: Box = (left, above, left + len(word) * _CHARACTER, above + 12)
            words.append(Word(word, start + column, (box,)))
        start += len(line) + 1
    return Block(kind, language, text, tuple(words))


def _words_of(line: str) -> list[tuple[int, str]]:
    found, column = [], 0
    for word in line.replace("\t", " ").split(" "):
        if word:
            found.append((column, word))
        column += len(word) + 1
    return found


def form_token(client: FlaskClient, address: str = "/en/archivist/sign-in") -> str:
    """The token of the form at `address`, made for this client."""
    match = re.search(r'name="token" value="([^"]+)"', client.get(address).get_data(as_text=True))
    assert match
    return match[1]


class ReadingRoom:
    """An archive to which tests add documents as if a worker had read them."""

    def __init__(self, folder: Path) -> None:
        self.settings = make_settings(folder)
        put_new_catalogue(folder / "catalogue.sqlite")
        self.catalogue = Catalogue.open(self.settings.database_url)
        self.originals = Originals(folder / "originals")
        self.queue = Queue(self.catalogue)
        self.indexer = Indexer(self.catalogue, folder / "index")
        self._unpublished: list[str] | None = None
        """Documents that are to be published at once."""

    def add(
        self,
        pages: Sequence[Page],
        description: Description,
        *,
        filename: str = "document.pdf",
        provenance: Provenance | None = None,
        is_demonstration: bool = False,
        warnings: Sequence[ReadingWarning] = (),
        is_indexed: bool = True,
    ) -> Document:
        """Receive, read and publish a document; its original is a text that only looks like a PDF."""
        content = f"%PDF-1.7 {filename} {description} {pages}".encode()
        document, _is_new = self.catalogue.receive(
            self.originals.store(BytesIO(content)),
            filename,
            description,
            provenance or Provenance(),
            "test",
            is_demonstration,
        )
        self.catalogue.start(document.id, "test")
        self.catalogue.store_pages(document.id, pages, warnings, None, "test")
        if self._unpublished is not None and is_indexed:
            self._unpublished.append(document.id)
            return document
        if is_indexed:
            self.indexer.add(document.id)
        self.catalogue.mark_ready(document.id, "test")
        return self.catalogue.document(document.id)

    @contextmanager
    def at_once(self) -> Iterator[dict[str, Document]]:
        """Publish at the end, in one commit, all documents that are added meanwhile: each takes as long.

        Yields:
            a dictionary to put them into, which then holds them as they are in the catalogue.
        """
        added: dict[str, Document] = {}
        self._unpublished = []
        yield added
        identifiers, self._unpublished = self._unpublished, None
        self.indexer.follow(identifiers)
        for identifier in identifiers:
            self.catalogue.mark_ready(identifier, "test")
        added.update({name: self.catalogue.document(document.id) for name, document in added.items()})

    def leave_no_work(self) -> None:
        """Leave nothing to read or draw to a worker.

        It would start a process for each document, only to find that it is no PDF. That is on record then, as
        after it had tried.
        """
        while job := self.queue.claim():
            self.queue.finish(job)
        for document in self.catalogue.documents():
            images = PageImages.of(self.settings.data, document.id)
            images.make_room(())
            images.record(document.pages)

    def close(self) -> None:
        """Close the catalogue."""
        self.catalogue.close()

    @classmethod
    def copied(cls, made: Path, folder: Path) -> "ReadingRoom":
        """A copy in `folder` of the archive in `made`, which nobody has open: to fill one takes longer."""
        shutil.copytree(made, folder, dirs_exist_ok=True)
        return cls(folder)


@contextmanager
def all_turns_taken(library: Library) -> Iterator[None]:
    """The time in which other threads do as much heavy work as there may be."""
    done, begun = threading.Event(), threading.Semaphore(0)

    def work() -> None:
        with library.heavy_work():
            begun.release()
            done.wait(30)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert begun.acquire(timeout=10)
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join()


def fill(room: ReadingRoom) -> dict[str, Document]:
    """The documents that most tests read, by a short name."""
    with room.at_once() as added:
        added["pact_fr"] = room.add(
            [
                make_page(
                    1,
                    [
                        ("heading", "fr", "Pacte de croissance urbaine durable"),
                        (
                            "paragraph",
                            "fr",
                            "Le pacte de l’emploi engage les partenaires sociaux de Bruxelles.",
                        ),
                    ],
                    label="i",
                ),
                make_page(
                    2,
                    [("paragraph", "fr", "La formation des jeunes ouvre la voie vers l’emploi.")],
                    label="1",
                ),
                make_page(
                    3,
                    [
                        ("heading", "fr", "Chiffres"),
                        ("table", "fr", "Année\tEmploi\n2009\t660 000\n2010\t671 000"),
                        ("list", "fr", "former les jeunes\nsoutenir l’emploi local\ncréer des crèches"),
                    ],
                    label="2",
                ),
                make_page(4, [], label="3", needs_ocr=True),
                make_page(
                    5, [("paragraph", "fr", "Chaque emploi compte ; l’emploi des jeunes surtout.")], label="4"
                ),
            ],
            Description("Pacte de croissance urbaine durable", 2011, "new-deal", "plan", "fr"),
            filename="pacte (2011).pdf",
            provenance=Provenance(
                "https://go4.brussels/pacte.pdf", "https://web.archive.org/web/2012/pacte.pdf"
            ),
            warnings=[ReadingWarning("page_count", values={"pages": 5, "counted": 6})],
        )
        added["pact_nl"] = room.add(
            [
                make_page(
                    1,
                    [
                        (
                            "paragraph",
                            "nl",
                            "Het pact voor werkgelegenheid verbindt de sociale gesprekspartners.",
                        )
                    ],
                ),
                make_page(2, [("paragraph", "nl", "Opleiding en werkgelegenheid gaan in Brussel samen.")]),
            ],
            Description("Pact voor een Duurzame Stedelijke Groei", 2011, "new-deal", "plan", "nl"),
        )
        added["strategy"] = room.add(
            [
                make_page(
                    1,
                    [
                        ("paragraph", "fr", "La stratégie 2025 soutient l’emploi durable à Bruxelles."),
                        ("paragraph", "nl", "De strategie 2025 steunt duurzame werkgelegenheid in Brussel."),
                        ("paragraph", "fr", "Elle compte dix-huit objectifs."),
                    ],
                )
            ],
            Description("Strategie 2025", 2015, "strategie-2025", "plan", "nl"),
        )
        added["speech"] = room.add(
            [
                make_page(
                    1, [("paragraph", "en", "Tonight we speak about employment and training in Brussels.")]
                )
            ],
            Description("A speech on employment", 2020, None, "speech", "en"),
            is_demonstration=True,
        )
    return added
