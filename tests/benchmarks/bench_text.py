"""Is the text true to the page? Words, order, boxes, languages and health, beside other readers.

    python tests/benchmarks/bench_text.py [--pages 10] [--markdown FILE]

Three tables, over the corpus and the demonstration collection (`--pages` of each document, spread evenly):

* digital documents: words in common with `pdftotext -bbox` (Jaccard; words broken at line ends joined), boxes
  (95th percentile of the distance, in points), order kept (share of neighbouring word pairs) of each reader,
  blocks in the right language, and pages per CPU-second. The order is measured against `pdftotext`, except
  for the annals, whose columns are known: French left, Dutch right of 297 points.
* scans with a truth file: character and word errors, beside OCRmyPDF where that is installed.
* health: how many good pages are taken for bad ones, and how many damaged copies of them for good ones.

A document in one language has its blocks in that language: what is quoted in it from another counts as wrong.
"""

import argparse
import html
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2 as pdfium

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from archive.records import Page  # noqa: E402 - found by the line above
from ingest.extract import PdfFile  # noqa: E402
from ingest.health import LEAST, health  # noqa: E402
from ingest.reading import read_document  # noqa: E402
from tests.benchmarks.text_measures import (  # noqa: E402
    Box,
    agreement,
    box_errors,
    character_error_rate,
    order_kept,
    word_error_rate,
)
from tests.test_ingest_extract import joined  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus"
DEMONSTRATION = ROOT / "archive" / "demonstration"
MIDDLE_OF_ANNALS = 297.0

Words = list[tuple[str, Box]]
_WORD = re.compile(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')


def read_pages(path: Path) -> list[Page]:
    return list(read_document(path, 10_000, lambda done, total: None).pages)


def with_pdfplumber(path: Path) -> list[list[str]]:
    with pdfplumber.open(path) as document:
        found = []
        for page in document.pages:
            found.append([str(word["text"]) for word in page.extract_words(x_tolerance=1.5)])
            page.close()
        return found


def with_pdfium(path: Path) -> list[list[str]]:
    with pdfium.PdfDocument(path) as document:
        return [document[number].get_textpage().get_text_range().split() for number in range(len(document))]


def with_pdftotext(path: Path, *options: str) -> list[str]:
    run = subprocess.run(["pdftotext", *options, str(path), "-"], capture_output=True, check=True)
    return run.stdout.decode("utf-8", "replace").split("\f")[:-1]


def boxes_of_pdftotext(path: Path) -> list[Words]:
    run = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, check=True)
    return [
        [(html.unescape(text), tuple(map(float, box))) for *box, text in _WORD.findall(page)]
        for page in run.stdout.decode("utf-8", "replace").split("<page ")[1:]
    ]


def in_columns(words: Words) -> list[str]:
    """The words of a page in two columns: those of the left from top to bottom, then those of the right."""
    by_column = sorted(
        words, key=lambda word: (word[1][0] >= MIDDLE_OF_ANNALS, round(word[1][3]), word[1][0])
    )
    return [text for text, _ in by_column]


def our_words(page: Page) -> list[tuple[str, list[Box]]]:
    return [(word.text, list(word.boxes)) for passage in page.passages for word in passage.words]


def excerpt(path: Path, folder: Path, most: int) -> Path:
    """Pages of a document, spread evenly, as a file of their own."""
    target = folder / path.name
    with pdfium.PdfDocument(path) as source, pdfium.PdfDocument.new() as copy:
        step = max(1, len(source) // most)
        copy.import_pages(source, list(range(0, len(source), step))[:most])
        copy.save(target)
    return target


def cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def timed(read: Callable[[Path], Any], path: Path) -> tuple[Any, float]:
    started = cpu_seconds()
    return read(path), cpu_seconds() - started


def language_of(name: str) -> str | None:
    """The language of a document by its name; None for those in two."""
    if "senate" in name or "concertation" in name:
        return None
    if match := re.match(r"(fr|nl)-", name):
        return match[1]
    match = re.search(r"[-_](fr|nl|en|de)(?=[-_.])", name)
    return match[1] if match else None


def languages_right(pages: list[Page], name: str) -> tuple[int, int]:
    """Blocks in the right language, and all blocks with a word that can be judged."""
    right = total = 0
    for passage in (passage for page in pages for passage in page.passages):
        if not re.search(r"[^\W\d_]{2}", passage.text):
            continue
        expected = language_of(name)
        if expected is None:
            edges = [edge for word in passage.words for box in word.boxes for edge in (box[0], box[2])]
            if "senate" not in name or min(edges) < MIDDLE_OF_ANNALS < max(edges):
                continue
            expected = "fr" if max(edges) <= MIDDLE_OF_ANNALS else "nl"
        total += 1
        right += passage.language == expected
    return right, total


def digital(path: Path, folder: Path, most: int) -> list[str]:
    """A row of the table of digital documents."""
    part = excerpt(path, folder, most)
    pages, ours = timed(read_pages, part)
    plumbed, by_plumber = timed(with_pdfplumber, part)
    bare, by_pdfium = timed(with_pdfium, part)
    texts, by_poppler = timed(with_pdftotext, part)
    reference = boxes_of_pdftotext(part)
    is_annals = "senate" in path.name
    orders: dict[str, list[float]] = {"ours": [], "pdfplumber": [], "pdfium": [], "pdftotext": []}
    jaccards, errors = [], []
    for page, plumber, raw, text, boxes in zip(pages, plumbed, bare, texts, reference, strict=True):
        words = our_words(page)
        if not boxes:
            continue
        jaccards.append(agreement([word for word, _ in words], joined(boxes)))
        errors += box_errors([(word, places[0]) for word, places in words if len(places) == 1], boxes)
        truth = in_columns(boxes) if is_annals else text.split()
        for name, found in (
            ("ours", [word for word, _ in words]),
            ("pdfplumber", plumber),
            ("pdfium", raw),
            ("pdftotext", text.split()),
        ):
            orders[name].append(order_kept(truth, found))
    right, total = languages_right(pages, path.name)
    worst = sorted(errors)[int(0.95 * len(errors))] if errors else float("nan")
    times = [ours, by_plumber, by_poppler, by_pdfium]
    return [
        path.stem[:44],
        f"{statistics.fmean(jaccards):.3f}" if jaccards else "–",
        f"{worst:.1f}",
        *(f"{statistics.fmean(order):.3f}" if order else "–" for order in orders.values()),
        f"{right}/{total}" if total else "–",
        *(f"{len(pages) / max(seconds, 0.001):.0f}" for seconds in times),
    ]


def scanned(path: Path, folder: Path) -> list[str]:
    """A row of the table of scans."""
    truth = path.with_suffix(".truth.txt").read_text(encoding="utf-8").split("\f")
    pages, seconds = timed(read_pages, path)
    ours = [" ".join(word for word, _ in our_words(page)) for page in pages]
    row = [path.stem[:44], f"{seconds / len(pages):.1f} s", *errors_of(truth, ours)]
    if shutil.which("ocrmypdf") is None:
        return [*row, "–", "–", "–"]
    side = folder / "sidecar.txt"
    options = [
        "--language",
        "fra+nld+eng+deu",
        "--rotate-pages",
        "--deskew",
        "--output-type",
        "pdf",
        "--sidecar",
    ]
    _, used = timed(
        lambda _: subprocess.run(
            ["ocrmypdf", *options, str(side), str(path), str(folder / "out.pdf")],
            capture_output=True,
            check=True,
        ),
        path,
    )
    theirs = side.read_text(encoding="utf-8").split("\f")
    return [*row, f"{used / len(pages):.1f} s", *errors_of(truth, theirs)]


def errors_of(truth: list[str], read: list[str]) -> list[str]:
    """Share of letters and of words that are wrong, the kind of apostrophes and dashes aside."""
    levelled = [[page.translate(_TYPOGRAPHY).split() for page in pages] for pages in (truth, read)]
    pairs = [(one, other) for one, other in zip(*levelled, strict=False) if one]
    letters = statistics.fmean(character_error_rate(one, other) for one, other in pairs)
    words = statistics.fmean(word_error_rate(one, other) for one, other in pairs)
    return [f"{letters:.3f}", f"{words:.3f}"]


_TYPOGRAPHY = str.maketrans("’‘“”„«»—–", '\'\'"""""--')


def _dropped(share: float) -> Callable[[list[str], random.Random], list[str]]:
    return lambda words, draw: [
        "".join(letter for letter in word if draw.random() >= share) or word for word in words
    ]


def _shifted(words: list[str], _: random.Random) -> list[str]:
    return ["".join(chr(ord(letter) + 3) for letter in word) for word in words]


def _torn(words: list[str], draw: random.Random) -> list[str]:
    return " ".join(
        "".join(letter + " " * (draw.random() < 0.15) for letter in word) for word in words
    ).split()


def _without_r(words: list[str], _: random.Random) -> list[str]:
    return [re.sub("[rR]", "", word) or word for word in words]


def _without_ligatures(words: list[str], _: random.Random) -> list[str]:
    return [re.sub("f[ifl]|ti", "", word) or word for word in words]


def _wrong_code_page(words: list[str], _: random.Random) -> list[str]:
    return [word.encode().decode("cp1252", "replace") for word in words]


DAMAGES = {
    "one letter in 25 lost": _dropped(0.04),
    "one letter in 50 lost": _dropped(0.02),
    "every r lost": _without_r,
    "every fi, ff, fl, ti lost": _without_ligatures,
    "letters moved in the alphabet": _shifted,
    "torn after one letter in seven": _torn,
    "read with the wrong code page (French)": _wrong_code_page,
}


def health_rows(paths: list[Path], most: int) -> Iterator[list[str]]:
    """How many good pages are taken for bad, and of each damage how many damaged pages for good."""
    good: list[tuple[str, list[str]]] = []
    for path in paths:
        with PdfFile(path) as pdf:
            step = max(1, len(pdf) // most)
            for number in list(range(1, len(pdf) + 1, step))[:most]:
                words = pdf.text(number).texts
                if sum(map(len, words)) >= 150:
                    good.append((path.name, words))
    alarms = sum(health(words) < LEAST for _, words in good)
    yield ["good pages taken for bad", f"{alarms}/{len(good)}"]
    for name, damage in DAMAGES.items():
        draw = random.Random(1)
        chosen = [words for file, words in good if "French" not in name or language_of(file) == "fr"]
        missed = sum(health(damage(words, draw)) >= LEAST for words in chosen)
        yield [f"taken for good: {name}", f"{missed}/{len(chosen)}"]


def table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=10, help="of each document (default: 10)")
    parser.add_argument("--markdown", type=Path, help="write the tables to this file as well")
    options = parser.parse_args()
    plans = sorted((CORPUS / "plans").glob("*.pdf"))
    shown = [path for path in sorted(DEMONSTRATION.glob("*.pdf")) if "note-de-lecture" not in path.name]
    tables: list[str] = []

    def add(heads: list[str], rows: Iterator[list[str]]) -> None:
        tables.append(table(heads, list(rows)))
        print(tables[-1], flush=True)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        add(
            [
                "document", "words", "boxes", "order", "pdfplumber", "pdfium", "pdftotext", "languages",
                "pages/s", "pdfplumber", "pdftotext", "pdfium",
            ],
            (digital(path, folder, options.pages) for path in plans + shown),
        )  # fmt: skip
        if shutil.which("ocrmypdf") is None:
            print("OCRmyPDF is not installed and not compared with: pip install ocrmypdf", file=sys.stderr)
        add(
            ["scan", "time/page", "letters", "words", "OCRmyPDF", "letters", "words"],
            (scanned(truth.with_name(truth.name.replace(".truth.txt", ".pdf")), folder)
             for truth in sorted((CORPUS / "scans").glob("*.truth.txt"))),
        )  # fmt: skip
        add(["health", "pages"], health_rows(plans or shown, options.pages))
    if options.markdown:
        options.markdown.write_text("\n".join(tables), encoding="utf-8")


if __name__ == "__main__":
    main()
