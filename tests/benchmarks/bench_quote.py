"""Are quotations judged rightly? Passages of the corpus, as they stand and changed in ways that must tell.

    python tests/benchmarks/bench_quote.py [--passages 150]

Adds the corpus, where present, and the demonstration collection to an archive of its own, draws
passages with a fixed seed, changes each in every way of the table and prints how often the verdict and the
place are right, and the time of an answer.
"""

import argparse
import random
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from archive.catalogue import Catalogue  # noqa: E402 - found by the line above
from archive.originals import Originals  # noqa: E402
from archive.queue import Queue  # noqa: E402
from archive.records import Page  # noqa: E402
from index.build import Indexer, open_engine  # noqa: E402
from index.quotation import QuoteReport, find  # noqa: E402
from ingest.intake import Intake  # noqa: E402
from ingest.limits import Limits  # noqa: E402
from ingest.worker import Worker  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus" / "plans"
DEMONSTRATION = ROOT / "archive" / "demonstration"

NEGATIONS = (
    "niet",
    "geen",
    "nooit",
    "pas",
    "jamais",
    "aucun",
    "not",
    "no",
    "never",
    "nicht",
    "kein",
    "keine",
)


@dataclass(frozen=True)
class Passage:
    """Words that stand in a document, drawn for the test."""

    document: str
    pages: tuple[int, ...]
    text: str


Change = Callable[[str, random.Random], str | None]
"""A quotation made from a passage; None if the passage does not lend itself to it."""


def as_it_stands(text: str, _: random.Random) -> str:
    return text


def retyped(text: str, draw: random.Random) -> str:
    """With other quotation marks, apostrophes, dashes, ligatures and line breaks."""
    text = text.translate(
        str.maketrans({"’": "'", "'": "’", "“": '"', "”": '"', "«": "“", "»": "”", "–": "-"})
    )
    text = text.replace("fi", "ﬁ").replace("fl", "ﬂ").replace("ij", "ĳ")
    words = text.split()
    for place in range(draw.randrange(3, 9), len(words), 9):
        words[place] = "\n" + words[place]
    return "« " + "  ".join(words) + " »"


def broken_at_line_ends(text: str, draw: random.Random) -> str | None:
    long = re.findall(r"[a-z]{8,}", text)
    if not long:
        return None
    word = draw.choice(long)
    return text.replace(word, f"{word[:4]}-\n{word[4:]}", 1)


def _replaced(text: str, draw: random.Random, pattern: str, change: Callable[[str], str]) -> str | None:
    found = [match for match in re.finditer(pattern, text) if match.start() > 0 and match.end() < len(text)]
    if not found:
        return None
    match = draw.choice(found)
    return text[: match.start()] + change(match[0]) + text[match.end() :]


def other_word(text: str, draw: random.Random) -> str | None:
    return _replaced(text, draw, r"\b[^\W\d_]{5,}\b", lambda word: "zonnebloem")


def word_left_out(text: str, draw: random.Random) -> str | None:
    words = text.split()
    places = [place for place in range(1, len(words) - 1) if words[place].isalpha()]
    if len(words) < 8 or not places:
        return None
    place = draw.choice(places)
    return None if words[place] == words[place + 1] else " ".join(words[:place] + words[place + 1 :])


def word_put_in(text: str, draw: random.Random) -> str | None:
    words = text.split()
    words.insert(draw.randrange(1, len(words)), "voorwaar")
    return " ".join(words)


def other_number(text: str, draw: random.Random) -> str | None:
    return _replaced(text, draw, r"\b\d{1,6}\b", lambda digits: str(int(digits) + draw.randrange(1, 9)))


def negation_put_in(text: str, draw: random.Random) -> str | None:
    words = text.split()
    words.insert(draw.randrange(1, len(words)), draw.choice(NEGATIONS))
    return " ".join(words)


def negation_left_out(text: str, draw: random.Random) -> str | None:
    return _replaced(text, draw, r" (?:" + "|".join(NEGATIONS) + r")(?= )", lambda word: "")


def other_accent(text: str, draw: random.Random) -> str | None:
    accents = {
        "é": "e",
        "è": "é",
        "ê": "e",
        "à": "a",
        "ë": "e",
        "ï": "i",
        "ç": "c",
        "ö": "o",
        "ü": "u",
        "e": "é",
    }
    return _replaced(text, draw, r"(?<=[a-z])[" + "".join(accents) + r"](?=[a-z])", accents.__getitem__)


def other_letter(text: str, draw: random.Random) -> str | None:
    return _replaced(text, draw, r"(?<=[a-z])[a-z](?=[a-z])", lambda letter: "x" if letter != "x" else "z")


def ellipsis_in_the_middle(text: str, draw: random.Random) -> str | None:
    words = text.split()
    if len(words) < 14:
        return None
    middle = len(words) // 2
    return " ".join([*words[: middle - 2], draw.choice(["(…)", "[...]", "…", "[…]"]), *words[middle + 2 :]])


def invented(text: str, draw: random.Random) -> str:
    letters = "bcdfghjklmnprstvw"
    return " ".join(
        "".join(draw.choice(letters) + "aeiou"[draw.randrange(5)] for _ in "abc") for _ in range(20)
    )


CHANGES: dict[str, tuple[Change, tuple[str, ...]]] = {
    "as it stands": (as_it_stands, ("verbatim",)),
    "retyped": (retyped, ("verbatim",)),
    "broken at line ends": (broken_at_line_ends, ("verbatim",)),
    "an ellipsis in the middle": (ellipsis_in_the_middle, ("verbatim",)),
    "another word": (other_word, ("altered",)),
    "a word left out": (word_left_out, ("altered",)),
    "a word put in": (word_put_in, ("altered",)),
    "another number": (other_number, ("altered",)),
    "a negation put in": (negation_put_in, ("altered",)),
    "a negation left out": (negation_left_out, ("altered",)),
    "another accent": (other_accent, ("altered",)),
    "another letter": (other_letter, ("altered",)),
    "invented": (invented, ("not found",)),
}
KINDS = {
    "another number": "number",
    "a negation put in": "negation",
    "a negation left out": "negation",
}


def passages(catalogue: Catalogue, count: int) -> list[Passage]:
    """Stretches of 8 to 80 words of paragraphs and lists, every fifth over a page break."""
    draw = random.Random(1)
    documents = [document for document in catalogue.documents() if document.pages > 1]
    drawn: list[Passage] = []
    while len(drawn) < count:
        document = draw.choice(documents)
        number = draw.randrange(1, document.pages)
        pages = [catalogue.page(document.id, number), catalogue.page(document.id, number + 1)]
        found = _over_the_break(pages, draw) if len(drawn) % 5 == 4 else _on_the_page(pages[0], draw)
        if found and sum(map(str.isalpha, found[0].split())) >= 6:
            drawn.append(Passage(document.id, found[1], found[0]))
    return drawn


def _on_the_page(page: Page, draw: random.Random) -> tuple[str, tuple[int, ...]] | None:
    body = [passage for passage in page.passages if passage.kind != "running"]
    words = draw.choice(body).text.split() if body else []
    length = draw.randrange(8, 80)
    if len(words) < 8:
        return None
    start = draw.randrange(max(1, len(words) - length))
    return " ".join(words[start : start + length]), (page.number,)


def _over_the_break(pages: list[Page], draw: random.Random) -> tuple[str, tuple[int, ...]] | None:
    """The end of a page and the start of the next where a sentence runs on."""
    bodies = [[one for one in page.passages if one.kind != "running"] for page in pages]
    if not all(bodies):
        return None
    first, second = bodies[0][-1], bodies[1][0]
    runs_on = first.text[-1:].isalpha() and second.text[:1].islower() and first.language == second.language
    if not runs_on or {first.kind, second.kind} != {"paragraph"}:
        return None
    length = draw.randrange(6, 30)
    text = " ".join([*first.text.split()[-length:], *second.text.split()[:length]])
    return text, (pages[0].number, pages[1].number)


def judged(
    report: QuoteReport, passage: Passage, verdicts: tuple[str, ...], kind: str | None
) -> Iterator[str]:
    """What is wrong with an answer."""
    if report.verdict not in verdicts:
        yield f"says {report.verdict}"
    elif report.verdict != "not found" and not any(
        match.document == passage.document and match.page in passage.pages for match in report.matches
    ):
        yield "elsewhere"
    elif kind and not any(each.kind == kind for match in report.matches for each in match.differences):
        yield f"does not name the {kind}"


def fill(data: Path) -> Catalogue:
    """An archive with the corpus and the demonstration collection."""
    catalogue = Catalogue.open(f"sqlite:///{data / 'catalogue.sqlite'}")
    originals = Originals(data / "originals")
    intake = Intake(catalogue, originals, "benchmark", max_size=500_000_000)
    for path in [*sorted(CORPUS.glob("*.pdf")), *sorted(DEMONSTRATION.glob("*.pdf"))]:
        intake.accept(str(path))
    queue, indexer = Queue(catalogue), Indexer(catalogue, data / "index")
    Worker(catalogue, queue, originals, data, Limits(time=600), indexer).run_once()
    return catalogue


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--passages", type=int, default=150, help="to draw (default: 150)")
    parser.add_argument("--archive", type=Path, help="folder of an archive to use instead of making one")
    parser.add_argument("--show", action="store_true", help="print the quotations that are judged wrongly")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = options.archive or Path(folder)
        catalogue = (
            fill(data)
            if options.archive is None
            else Catalogue.open(f"sqlite:///{data / 'catalogue.sqlite'}")
        )
        with catalogue:
            engine = open_engine(data / "index")
            drawn = passages(catalogue, options.passages)
            print(f"{'quotation':28}{'asked':>7}{'right':>7}{'':4}{'median':>8}{'p95':>8}  wrong")
            for name, (change, verdicts) in CHANGES.items():
                draw = random.Random(2)
                wrong: Counter[str] = Counter()
                times: list[float] = []
                for passage in drawn:
                    quotation = change(passage.text, draw)
                    if quotation is None or (quotation == passage.text and change is not as_it_stands):
                        continue
                    started = time.process_time()
                    report = find(quotation, engine, catalogue)
                    times.append(1000 * (time.process_time() - started))
                    problems = list(judged(report, passage, verdicts, KINDS.get(name)))
                    wrong.update(problems)
                    if problems and options.show:
                        print(
                            f"  {problems} {passage.document} {passage.pages}\n    {passage.text}\n"
                            f"    {quotation}"
                        )
                right = 1 - wrong.total() / len(times)
                p95 = sorted(times)[int(0.95 * len(times))]
                print(
                    f"{name:28}{len(times):7}{right:7.1%}{'':4}{statistics.median(times):6.0f} ms"
                    f"{p95:5.0f} ms  {dict(wrong) or ''}"
                )


if __name__ == "__main__":
    main()
