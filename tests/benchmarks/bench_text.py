"""Is the text true to the page? Words, order, boxes, languages and health, beside other readers.

    python tests/benchmarks/bench_text.py [--pages 10] [--only TABLE] [--markdown FILE]

Five tables, over the corpus and the demonstration collection (`--pages` of each document, spread evenly):

* digital documents: words in common with `pdftotext -bbox` (Jaccard; words broken at line ends and addresses
  joined, exponents and leaders parted as poppler parts them, but for words that the drawn page hides), boxes
  (95th percentile of the distance, in points), order kept (share of neighbouring word pairs) of each reader,
  blocks in the right language, and pages per CPU-second. The order is measured against `pdftotext`, except
  for the annals, whose columns are known: French left, Dutch right of 297 points.
* scans with a truth file: character and word errors, beside OCRmyPDF where that is installed.
* health: how many good pages are taken for bad ones, and how many damaged copies of them for good ones.
* tables: what is read of judged tables without rules, written (`borderless_tables.py`) or real: cells
  that a reader selects, cells looked up as quotations, and what stands beside each other in several cells
  (which no verdict may confirm without a warning), each as right / warned / wrong; and false tables.
* kept: every page of every document that opens, hostile ones included. Each word that pdfium or `pdftotext`
  has and our text has not, and each of ours that neither has, needs a reason (`words_kept.py`); without one
  it is lost or invented, and the program ends with an error.

A document in one language has its blocks in that language: what is quoted in it from another counts as wrong.
"""

import argparse
import html
import json
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2 as pdfium

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from archive.records import Page  # noqa: E402 - found by the line above
from ingest.page.pdf_words import PdfFile  # noqa: E402
from ingest.page.reading_health import LEAST, health  # noqa: E402
from ingest.read_document import read_document  # noqa: E402
from tests.benchmarks.damaged_words import DAMAGES  # noqa: E402
from tests.benchmarks.table_quotations import table_rows  # noqa: E402
from tests.benchmarks.text_measures import (  # noqa: E402
    Box,
    agreement,
    box_errors,
    character_error_rate,
    order_kept,
    word_error_rate,
)
from tests.benchmarks.words_kept import INVISIBLE_TEXT, NOT_SEEN, compare_pages  # noqa: E402
from tests.ingest.page.test_pdf_words import as_poppler_parts, joined  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus"
DEMONSTRATION = ROOT / "archive" / "demonstration"
MIDDLE_OF_ANNALS = 297.0

TABLES = {
    "digital": [
        "document", "words", "boxes", "order", "pdfplumber", "pdfium", "pdftotext", "languages",
        "pages/s", "pdfplumber", "pdftotext", "pdfium",
    ],
    "scans": ["scan", "time/page", "letters", "words", "OCRmyPDF", "letters", "words"],
    "health": ["health", "pages"],
    "tables": ["table", "selected", "looked up", "mixed", "false tables"],
    "kept": [
        "document", "pdfium", "pdftotext", "ours", "apart", "theirs, not ours", "ours, not theirs", "lost",
        "invented",
    ],
}  # fmt: skip
"""The heads of each table."""

Words = list[tuple[str, Box]]
_ADDRESS = re.compile("://|www\\.|@")
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
    return [(word.text, list(word.boxes)) for passage in page.blocks for word in passage.words]


def levelled(theirs: list[str], ours: list[str], hidden: Counter[str]) -> list[str]:
    """The words of `pdftotext` without those that the drawn page hides, parted as we part them on purpose,
    and with web and e-mail addresses as whole as ours where they are broken at line ends."""
    left, seen = hidden.copy(), []
    for word in reversed(theirs):  # what is hidden is mostly a foot
        if left[word] > 0:
            left[word] -= 1
        else:
            seen.append(word)
    addresses = {word.replace("-", ""): word for word in ours if _ADDRESS.search(word)}
    whole: list[str] = []
    for word in reversed(seen):
        pieces = [*whole[-3:], word]
        for first in range(len(pieces) - 1):
            if address := addresses.get("".join(pieces[first:]).replace("-", "")):
                del whole[len(whole) - (len(pieces) - 1 - first) :]
                word = address
                break
        whole.append(addresses.get(word.replace("-", ""), word))
    return as_poppler_parts(whole)


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
    for passage in (passage for page in pages for passage in page.blocks):
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
    hidden: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for one in compare_pages(part, pages).findings:
        if one.reader == "pdftotext" and one.reason in (NOT_SEEN, INVISIBLE_TEXT):
            hidden[one.page][one.text] += 1
    for page, plumber, raw, text, boxes in zip(pages, plumbed, bare, texts, reference, strict=True):
        words = our_words(page)
        if not boxes:
            continue
        texts = [word for word, _ in words]
        jaccards.append(
            agreement(as_poppler_parts(texts), levelled(joined(boxes), texts, hidden[page.number]))
        )
        errors += box_errors([(word, places[0]) for word, places in words if len(places) == 1], boxes)
        truth = in_columns(boxes) if is_annals else text.split()
        orders["ours"].append(
            order_kept(levelled(truth, texts, hidden[page.number]), as_poppler_parts(texts))
        )
        for name, found in (("pdfplumber", plumber), ("pdfium", raw), ("pdftotext", text.split())):
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


def kept_rows(paths: list[Path], unexplained: list[str]) -> Iterator[list[str]]:
    """A row for each document that opens: its words, why words differ, and those that nothing explains, which
    are listed in `unexplained` as well."""
    refused = Counter[str]()
    for path in paths:
        command = [sys.executable, "-m", "tests.benchmarks.words_kept", str(path)]
        try:
            run = subprocess.run(command, capture_output=True, cwd=ROOT, timeout=1800)
            found = json.loads(run.stdout.splitlines()[-1])
        except (subprocess.TimeoutExpired, IndexError, ValueError):
            found = {"refused": "crashed or took too long"}
        if "refused" in found:
            refused[found["refused"]] += 1
            continue
        unexplained += [
            f"{path.name}, page {page}: {reader} {text!r}" for page, reader, text in found["unexplained"]
        ]
        words = [str(found["words"].get(reader, 0)) for reader in ("pdfium", "pdftotext", "ours")]
        reasons = [
            ", ".join(f"{count} {reason}" for reason, count in found[side].items()) or "–"
            for side in ("theirs", "ours")
        ]
        yield [
            path.stem[:44],
            *words,
            str(found["apart"]),
            *reasons,
            str(found["lost"]),
            str(found["invented"]),
        ]
    yield ["not read: " + ", ".join(f"{count} {why}" for why, count in refused.items()), *["–"] * 8]


def table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=10, help="of each document (default: 10)")
    parser.add_argument("--only", choices=TABLES, help="one table")
    parser.add_argument("--markdown", type=Path, help="write the tables to this file as well")
    options = parser.parse_args()
    plans = sorted((CORPUS / "plans").glob("*.pdf"))
    shown = [path for path in sorted(DEMONSTRATION.glob("*.pdf")) if "note-de-lecture" not in path.name]
    tables: list[str] = []

    unexplained: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows: dict[str, Iterator[list[str]]] = {
            "digital": (digital(path, folder, options.pages) for path in plans + shown),
            "scans": (
                scanned(truth.with_name(truth.name.replace(".truth.txt", ".pdf")), folder)
                for truth in sorted((CORPUS / "scans").glob("*.truth.txt"))
            ),
            "health": health_rows(plans or shown, options.pages),
            "tables": table_rows(CORPUS.parent),
            "kept": kept_rows([*plans, *sorted((CORPUS / "hostile").glob("*.pdf")), *shown], unexplained),
        }
        for kind in [options.only] if options.only else TABLES:
            tables.append(table(TABLES[kind], list(rows[kind])))
            print(tables[-1], flush=True)
    if options.markdown:
        options.markdown.write_text("\n".join(tables), encoding="utf-8")
    if unexplained:
        sys.exit("Words lost (pdfium, pdftotext) or invented (ours):\n" + "\n".join(unexplained))


if __name__ == "__main__":
    main()
