"""What is told of whole documents: their dates, the printed number of their last page, which are editions of
each other, beside what was seen on their drawn pages (documents_judged.tsv).

    python tests/benchmarks/bench_documents.py [--archive FOLDER]

Reads the plans of the corpus, or takes an archive that holds them read. Prints how many dates are right,
wrong and missing, once with the names of the files and once without; how many last labels are right; and how
many suggestions of editions are right, wrong and missing.
"""

import argparse
import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from archive.dates import chosen  # noqa: E402 - found by the line above
from archive.records import Description, Document  # noqa: E402
from ingest.description.dating import date_all, date_document, find_dates  # noqa: E402
from ingest.read_document import read_document  # noqa: E402
from search_app import create_app  # noqa: E402
from search_app.editions.chosen_editions import suggestions  # noqa: E402
from search_app.library import current_library  # noqa: E402
from tests.surroundings.reading_room import ReadingRoom  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus" / "plans"
JUDGED = Path(__file__).with_name("documents_judged.tsv")
Judged = Mapping[str, Mapping[str, str]]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--archive", type=Path)
    given: Path | None = options.parse_args().archive
    with JUDGED.open(encoding="utf-8") as file:
        judged = {row["file"]: row for row in csv.DictReader(file, delimiter="\t")}
    if given is None and not CORPUS.exists():
        print(f"There is no corpus in {CORPUS}.")
        return
    with tempfile.TemporaryDirectory() as folder:
        room = ReadingRoom(given or Path(folder))
        if given is None:
            read_all(room, sorted(judged))
        date_all(room.catalogue, "bench")
        report(room, judged)
        room.close()


def read_all(room: ReadingRoom, names: Sequence[str]) -> None:
    """Read the documents into an empty archive."""
    for name in names:
        reading = read_document(CORPUS / name, 5_000, lambda _done, _total: None)
        pages = list(reading.pages)
        added = room.add(pages, Description(reading.title), filename=name, is_indexed=False)
        date_document(room.catalogue, added, "bench")
        room.indexer.add(added.id)


def report(room: ReadingRoom, judged: Judged) -> None:
    """Print what is right and wrong."""
    held = {each.filename: each for each in room.catalogue.documents() if each.filename in judged}
    told = {name: document.date for name, document in held.items()}
    tell("dates", told, {name: judged[name]["date"] for name in held})
    without = {name: unnamed_date(room, document) for name, document in held.items()}
    tell("dates without the file name", without, {name: judged[name]["date"] for name in held})
    last = {name: room.catalogue.page_labels(document.id)[-1] for name, document in held.items()}
    tell("labels of last pages", last, {name: judged[name]["last_label"] for name in held})
    with create_app(room.settings).test_request_context("/en/"):
        library = current_library()
        found = {(name, each.document.filename) for name in held for each in suggestions(held[name], library)}
    right = {(name, judged[name]["edition"]) for name in held if judged[name]["edition"]}
    print(
        f"editions: {len(found & right)} right, {len(found - right)} wrong, {len(right - found)} missing",
        *sorted(found ^ right),
    )


def unnamed_date(room: ReadingRoom, document: Document) -> str | None:
    """The date that the document itself tells."""
    pages = [room.catalogue.page(document.id, number) for number in range(1, min(4, document.pages + 1))]
    found = chosen(find_dates(replace(document, filename="x.pdf"), pages, room.catalogue.plans()))
    return found.date if found else None


def tell(what: str, told: Mapping[str, str | None], right: Mapping[str, str]) -> None:
    """Print how many are right, and those that are not."""
    counts: Counter[str] = Counter()
    wrong = []
    for name, value in told.items():
        verdict = "right" if value == right[name] else "missing" if value is None else "wrong"
        counts[verdict] += 1
        if verdict != "right":
            wrong.append(f"{name}: {value}, not {right[name]}")
    print(f"{what}: {counts['right']} right, {counts['wrong']} wrong, {counts['missing']} missing")
    print(*(f"  {line}" for line in wrong), sep="\n")


if __name__ == "__main__":
    main()
