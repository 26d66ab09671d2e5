"""How fast are words, boxes and reading order found, beside other readers?

Run it as ``python tests/benchmarks/bench_extraction.py``.
Every reader goes through the same pages, in the same run, and is charged its CPU time:

- pdfplumber: ``extract_words`` with ``page.close()``
- pdftotext: ``-bbox``, a program in C++ that gives words and boxes in no particular order
- pdfium: text only, without boxes; no reader built on it can be faster
- extraction: ours, words with boxes in reading order (`ingest.page.pdf_words` and
`ingest.layout.page_layout`)
- reading: ours, all of it (`ingest.read_document`): languages, running heads, broken words, passages

It takes the real documents of the corpus beside the project if they are there, else the demonstration
collection. The peak memory is that of reading one document of 1,000 pages.
"""

import argparse
import multiprocessing
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pdfplumber
import pypdfium2 as pdfium

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from ingest.layout.gutters import KnownGutters  # noqa: E402 - found by the line above
from ingest.layout.page_layout import lay_out  # noqa: E402
from ingest.page.pdf_words import PdfFile  # noqa: E402
from ingest.read_document import read_document  # noqa: E402
from tests.surroundings.peak_memory import peak_memory  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus" / "plans"
DEMONSTRATION = ROOT / "archive" / "demonstration"
GOAL = 6.0
"""Times the pages per CPU-second of pdfplumber."""
GOAL_MEMORY = 400
"""MiB for 1,000 pages."""


def with_pdfplumber(path: Path) -> None:
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_words(x_tolerance=1.5)
            page.close()


def with_pdftotext(path: Path) -> None:
    subprocess.run(["pdftotext", "-bbox", str(path), "/dev/null"], check=True, stderr=subprocess.DEVNULL)


def with_pdfium(path: Path) -> None:
    with pdfium.PdfDocument(path) as pdf:
        for page in pdf:
            text = page.get_textpage()
            text.get_text_range()
            text.close()
            page.close()


def with_extraction(path: Path) -> None:
    gutters = KnownGutters()
    with PdfFile(path) as pdf:
        for number in range(1, len(pdf) + 1):
            lay_out(pdf.text(number), 10.0, gutters, np.empty(0, dtype=np.int64))


def with_reading(path: Path) -> None:
    for _ in read_document(path, 5000, lambda done, total: None, ocr_seconds=0).pages:
        pass


READERS: dict[str, Callable[[Path], None]] = {
    "pdfplumber": with_pdfplumber,
    "pdftotext": with_pdftotext,
    "pdfium": with_pdfium,
    "extraction": with_extraction,
    "reading": with_reading,
}
OURS = ("extraction", "reading")


def cpu_seconds() -> float:
    """Of this process and the programs that it ran."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def excerpt(path: Path, folder: Path, most: int) -> Path:
    """The first pages of a document as a file of their own."""
    target = folder / path.name
    with pdfium.PdfDocument(path) as source, pdfium.PdfDocument.new() as copy:
        copy.import_pages(source, list(range(min(most, len(source)))))
        copy.save(target)
    return target


def repeated(paths: list[Path], folder: Path, pages: int) -> Path:
    """The pages of these documents over and over, as one document."""
    target = folder / "repeated.pdf"
    with pdfium.PdfDocument.new() as copy:
        while len(copy) < pages:
            for path in paths:
                with pdfium.PdfDocument(path) as source:
                    copy.import_pages(source, list(range(min(len(source), pages - len(copy)))))
        copy.save(target)
    return target


def memory_for(path: Path) -> float:
    """MiB that a process needs for reading the document."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_read_and_weigh, (path,))


def _read_and_weigh(path: Path) -> float:
    with_reading(path)
    return peak_memory()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=25, help="most pages of each document (default: 25)")
    options = parser.parse_args()
    documents = sorted((CORPUS if CORPUS.exists() else DEMONSTRATION).rglob("*.pdf"))
    speeds: dict[str, list[float]] = {name: [] for name in READERS}
    seconds: Counter[str] = Counter()
    print(f"{'pages per CPU-second':40}" + "".join(f"{name:>12}" for name in READERS) + f"{'ratios':>16}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        excerpts = [excerpt(document, folder, options.pages) for document in documents]
        for path in excerpts:
            with pdfium.PdfDocument(path) as pdf:
                pages = len(pdf)
            for reader, read in READERS.items():
                started = cpu_seconds()
                read(path)
                taken = cpu_seconds() - started
                seconds[reader] += taken
                speeds[reader].append(pages / taken)
            ratios = [speeds[reader][-1] / speeds["pdfplumber"][-1] for reader in OURS]
            print(
                f"{path.name[:39]:40}"
                + "".join(f"{speeds[reader][-1]:12.1f}" for reader in READERS)
                + "".join(f"{ratio:8.1f}" for ratio in ratios)
            )
        medians = {reader: statistics.median(values) for reader, values in speeds.items()}
        print(f"{'median':40}" + "".join(f"{medians[reader]:12.1f}" for reader in READERS))
        for reader in OURS:
            ratios = [
                ours / theirs for ours, theirs in zip(speeds[reader], speeds["pdfplumber"], strict=True)
            ]
            print(
                f"{reader}: {statistics.median(ratios):.1f} times pdfplumber"
                f" (least {min(ratios):.1f}; all pages {seconds['pdfplumber'] / seconds[reader]:.1f};"
                f" goal {GOAL:.0f}),"
                f" {medians[reader] / medians['pdftotext']:.2f} times pdftotext,"
                f" {medians[reader] / medians['pdfium']:.2f} times bare pdfium"
            )
        started = time.perf_counter()
        memory = memory_for(repeated(excerpts, folder, 1000))
        print(
            f"1,000 pages: {memory:.0f} MiB at most (goal {GOAL_MEMORY}),"
            f" read in {time.perf_counter() - started:.0f} s"
        )


if __name__ == "__main__":
    main()
