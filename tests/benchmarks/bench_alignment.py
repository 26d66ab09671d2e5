"""Are passages laid beside their translations? Judged by hand, beside alignment by length alone.

    python tests/benchmarks/bench_alignment.py [--unjudged FILE]

Aligns the parallel documents of the corpus, where present, and the demonstration collection. Of each pair of
texts a sample is drawn, by strata: pairs shown as sure (one passage beside one; several), as likely, as
doubtful; passages shown with "no counterpart" and with "not found". Which are drawn depends on their text
alone, so that after a change most of the sample is what it was.

Persons have read the sample in both languages; alignment_judgements.tsv holds what they said: `right` (all of
one side translates all of the other), `partly` (one side holds more), `wrong`; of a passage that stays alone
`alone` (nothing in the other text translates it) or `missed`. The file tells passages by page and hash and
has none of their text. `--unjudged FILE` writes what nobody has judged yet, with its text, to be read.

* Precision: pairs judged right among those shown as sure or likely, weighed by the size of the strata, with
  the 95 % interval (Wilson); by class and by confidence. The same with `partly` as half right.
* Precision of "no counterpart": passages judged `alone` among those of which it is said.
* Recall: characters of right pairs, of all characters that have a translation in the other text.
* Beside it the alignment by length alone (Gale and Church 1993) of the same passages: how many of the pairs
  judged right it makes too. (The sample is drawn from what anchors find, so this flatters them a little.)
* Pages per second, memory at most, and what two texts of 20,000 passages take.
"""

import argparse
import random
import sys
import time
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from math import erfc, log, sqrt
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT)]

from archive.languages import Language  # noqa: E402 - found by the line above
from archive.records import Page  # noqa: E402
from index.text.text_units import Part, TextUnit, text_units, with_notes_last  # noqa: E402
from index.translations.alignment import Bead, align  # noqa: E402
from index.translations.translated_documents import LIKELY, SURE  # noqa: E402
from ingest.read_document import read_document  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus" / "plans"
DEMONSTRATION = ROOT / "archive" / "demonstration"
JUDGEMENTS = Path(__file__).with_name("alignment_judgements.tsv")
COLUMNS = ("left", "right", "left_pages", "right_pages", "left_hash", "right_hash", "verdict")

_SEED = "terugblik 4"
_DRAWN = {
    "sure, one by one": 18,
    "sure, of several": 8,
    "likely": 12,
    "doubtful": 8,
    "none": 20,
    "not found": 8,
}
"""Pairs drawn of each pair of texts, by stratum; of the short texts of the demonstration half as many."""
_SHOWN = ("sure, one by one", "sure, of several", "likely")
_ALONE = ("none", "not found")
"""Passages with nothing beside them: those that the other text is said to lack, and the others."""
_LACKING = {"alone": 1.0, "missed": 0.0}
_WORTH = {"right": 1.0, "partly": 0.0, "wrong": 0.0}
_BINS = (0.15, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
_NORMAL = 1.96
"""Standard deviations to each side of the middle that hold 95 % of a normal distribution."""


class Source(NamedTuple):
    """A text: a file in one of its languages."""

    file: str
    language: Language

    def __str__(self) -> str:
        return f"{self.file}:{self.language}"


_FAQ = "parallel-debian-faq-{}.pdf"
_PROPOSAL = "be-citizens-parliament-climate-proposal-{}-{}.pdf"
_ANNALS = "be-senate-annals-5-19-fr-nl.pdf"
_DEMONSTRATED = (
    "2002-sociaal-pact",
    "2005-contract-economie-tewerkstelling",
    "2011-new-deal",
    "2015-strategie-2025",
    "2020-go4brussels-2030",
    "2021-go4brussels-2030-update",
)
_FAQ_PAIRS: tuple[tuple[Language, Language], ...] = (
    ("nl", "fr"),
    ("nl", "en"),
    ("fr", "en"),
    ("de", "nl"),
    ("de", "en"),
)
OF_CORPUS: tuple[tuple[Source, Source], ...] = (
    *((Source(_FAQ.format(one), one), Source(_FAQ.format(other), other)) for one, other in _FAQ_PAIRS),
    *(
        (Source(_PROPOSAL.format(edition, "nl"), "nl"), Source(_PROPOSAL.format(edition, "fr"), "fr"))
        for edition in ("v1-2020-10", "v2-2021-01")
    ),
    (Source(_ANNALS, "fr"), Source(_ANNALS, "nl")),
)
OF_DEMONSTRATION: tuple[tuple[Source, Source], ...] = (
    *((Source(f"{name}-nl.pdf", "nl"), Source(f"{name}-fr.pdf", "fr")) for name in _DEMONSTRATED),
    (
        Source("2020-concertation-overleg-fr-nl.pdf", "fr"),
        Source("2020-concertation-overleg-fr-nl.pdf", "nl"),
    ),
)


class Key(NamedTuple):
    """What tells a pair of groups of passages, without their text."""

    left: str
    right: str
    left_hash: str
    right_hash: str


@dataclass(frozen=True)
class Drawn:
    """A pair, or a passage alone, and the stratum it belongs to."""

    key: Key
    stratum: str
    confidence: float
    left: Sequence[TextUnit]
    right: Sequence[TextUnit]

    @property
    def size(self) -> int:
        """Characters."""
        return sum(len(unit.text) for unit in (*self.left, *self.right))


@dataclass
class Aligned:
    """A pair of texts, what the program made of it, and what was judged of that."""

    left: Source
    right: Source
    pages: int
    seconds: float
    beads: Sequence[Drawn]
    by_length: frozenset[Key]
    verdicts: dict[Key, str] = field(default_factory=dict)

    def strata(self) -> dict[str, list[Drawn]]:
        found: dict[str, list[Drawn]] = defaultdict(list)
        for each in self.beads:
            found[each.stratum].append(each)
        return found

    def sample(self, stratum: str) -> list[Drawn]:
        """The sample of a stratum: the first in an order that is drawn by lot, once and for all."""
        is_short = self.left.file not in {source.file for pair in OF_CORPUS for source in pair}
        number = _DRAWN[stratum] // (2 if is_short else 1)
        lot = sorted(self.strata()[stratum], key=lambda each: _hash(_SEED + "".join(each.key)))
        return lot[:number]


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def _hash_of(units: Sequence[TextUnit]) -> str:
    return _hash("\n".join(unit.text for unit in units)) if units else "-"


def _stratum(bead: Bead) -> str:
    if not bead.left or not bead.right:
        return "none" if bead.is_absent else "not found"
    if bead.confidence >= SURE:
        return "sure, one by one" if len(bead.left) == len(bead.right) == 1 else "sure, of several"
    return "likely" if bead.confidence >= LIKELY else "doubtful"


class Library:
    """The pages of the documents, each read once."""

    def __init__(self) -> None:
        self._pages: dict[str, list[Page]] = {}

    def pages(self, file: str) -> list[Page]:
        if file not in self._pages:
            path = next(path for path in (CORPUS / file, DEMONSTRATION / file) if path.exists())
            self._pages[file] = list(read_document(path, 10_000, lambda done, total: None).pages)
        return self._pages[file]

    def units(self, source: Source) -> list[TextUnit]:
        pages = self.pages(source.file)
        return with_notes_last(text_units(pages, source.language), pages)


def aligned(library: Library, left: Source, right: Source) -> Aligned:
    pages = sum(len(library.pages(file)) for file in {left.file, right.file})
    started = time.perf_counter()
    lefts, rights = library.units(left), library.units(right)
    beads = align(lefts, rights, is_one_document=left.file == right.file)
    seconds = time.perf_counter() - started

    def drawn(bead: Bead) -> Drawn:
        mine, theirs = [lefts[number] for number in bead.left], [rights[number] for number in bead.right]
        key = Key(str(left), str(right), _hash_of(mine), _hash_of(theirs))
        return Drawn(key, _stratum(bead), bead.confidence, mine, theirs)

    reference = by_length([len(unit.text) for unit in lefts], [len(unit.text) for unit in rights])
    plain = frozenset(drawn(Bead(*step, 0.0)).key for step in reference)
    return Aligned(left, right, pages, seconds, [drawn(bead) for bead in beads], plain)


# Gale and Church, *A program for aligning sentences in bilingual corpora*, 1993: their priors, a normal
# distribution of the difference, no other evidence than lengths.
_MOVES = ((1, 1, 0.89), (1, 0, 0.00495), (0, 1, 0.00495), (2, 1, 0.0445), (1, 2, 0.0445), (2, 2, 0.011))
_VARIANCE = 6.8
_IMPOSSIBLE = 1e9


def by_length(left: Sequence[int], right: Sequence[int]) -> list[tuple[range, range]]:
    """Alignment by length alone, one diagonal of the table after the other."""
    rows, columns = len(left), len(right)
    sums = [np.concatenate([[0.0], np.cumsum(lengths, dtype=np.float64)]) for lengths in (left, right)]
    ratio = sums[1][-1] / max(1.0, sums[0][-1])
    cost = np.full((rows + 1, columns + 1), _IMPOSSIBLE)
    move = np.zeros((rows + 1, columns + 1), np.int8)
    cost[0, 0] = 0.0
    for diagonal in range(1, rows + columns + 1):
        row = np.arange(max(0, diagonal - columns), min(rows, diagonal) + 1)
        column = diagonal - row
        costs = np.full((len(_MOVES), len(row)), _IMPOSSIBLE)
        for number, (some, others, prior) in enumerate(_MOVES):
            can = (row >= some) & (column >= others)
            before = row[can] - some, column[can] - others
            mine = (sums[0][row[can]] - sums[0][before[0]]) * ratio
            theirs = sums[1][column[can]] - sums[1][before[1]]
            mean = np.maximum((mine + theirs) / 2, 1.0)
            costs[number, can] = (
                cost[before] + _surprise((theirs - mine) / np.sqrt(_VARIANCE * mean)) - log(prior)
            )
        move[row, column] = costs.argmin(axis=0)
        cost[row, column] = costs.min(axis=0)
    steps = []
    row_number, column_number = rows, columns
    while row_number or column_number:
        some, others, _prior = _MOVES[move[row_number, column_number]]
        steps.append((range(row_number - some, row_number), range(column_number - others, column_number)))
        row_number, column_number = row_number - some, column_number - others
    return steps[::-1]


_FAR = 8.0
_TWO_TAILS = np.array([-log(max(erfc(step / 100 / sqrt(2)), 1e-300)) for step in range(int(_FAR * 100) + 1)])


def _surprise(deviations: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logarithm of how seldom a difference is so large, in standard deviations."""
    return np.asarray(_TWO_TAILS[(np.minimum(np.abs(deviations), _FAR) * 100).astype(np.int64)])


def judgements() -> dict[Key, str]:
    rows = [line.split("\t") for line in JUDGEMENTS.read_text(encoding="utf-8").splitlines()[1:]]
    return {Key(row[0], row[1], row[4], row[5]): row[6] for row in rows}


def write_unjudged(texts: Sequence[Aligned], path: Path) -> int:
    """Write the sampled pairs without a verdict: a line to add to the judgements, and what is to be read."""
    lines = []
    count = 0
    for text in texts:
        for stratum in _DRAWN:
            for each in text.sample(stratum):
                if each.key in text.verdicts:
                    continue
                count += 1
                pages = [",".join(map(str, _pages(units))) or "-" for units in (each.left, each.right)]
                lines.append("\t".join((each.key.left, each.key.right, *pages, *each.key[2:], "?")))
                lines += [
                    f"  {stratum} {each.confidence:.2f}",
                    *_to_read("<", each.left),
                    *_to_read(">", each.right),
                ]
                if stratum in _ALONE:
                    lines += _around(text, each)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return count


def _pages(units: Sequence[TextUnit]) -> list[int]:
    return sorted({page for unit in units for page in unit.pages})


def _to_read(side: str, units: Sequence[TextUnit]) -> Iterator[str]:
    for unit in units:
        yield f"  {side} [{unit.kind}] " + unit.text.replace("\n", " ⏎ ").replace("\t", " ⇥ ")


def _around(text: Aligned, alone: Drawn) -> Iterator[str]:
    """What stands around a passage that stays alone, in both texts."""
    place = text.beads.index(alone)
    for each in text.beads[max(0, place - 3) : place + 4]:
        if each is not alone:
            for side in ("<", ">"):
                for line in _to_read(side, each.left if side == "<" else each.right):
                    yield "      " + line[:160]


class Score(NamedTuple):
    """How many pairs were judged, and what of all pairs is right."""

    judged: int
    share: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.share:.3f} ({self.low:.3f}–{self.high:.3f}, {self.judged})" if self.judged else "–"


class Group(NamedTuple):
    """A stratum of a pair of texts: how many pairs it has, and what the judged ones are worth."""

    size: int
    worth: Sequence[float]


def precision(groups: Sequence[Group]) -> Score:
    """The share of right pairs over strata, weighed by their size, with Wilson's interval for as many pairs
    of equal weight as the judged ones are worth (Kish's effective sample size)."""
    known = [group for group in groups if group.worth]
    weights = [(group.size / len(group.worth), worth) for group in known for worth in group.worth]
    if not weights:
        return Score(0, 0.0, 0.0, 0.0)
    whole = sum(weight for weight, _worth in weights)
    share = sum(weight * worth for weight, worth in weights) / whole
    number = whole**2 / sum(weight**2 for weight, _worth in weights)
    middle = (share + _NORMAL**2 / (2 * number)) / (1 + _NORMAL**2 / number)
    reach = _NORMAL * sqrt(share * (1 - share) / number + _NORMAL**2 / (4 * number**2))
    reach /= 1 + _NORMAL**2 / number
    return Score(len(weights), share, middle - reach, middle + reach)


def groups_of(texts: Sequence[Aligned], strata: Sequence[str], worth: dict[str, float]) -> list[Group]:
    found = []
    for text in texts:
        for stratum in strata:
            verdicts = [text.verdicts[each.key] for each in text.sample(stratum) if each.key in text.verdicts]
            found.append(Group(len(text.strata()[stratum]), [worth[verdict] for verdict in verdicts]))
    return found


def recall(text: Aligned) -> float:
    """Of the characters that have a translation in the other text, those in right pairs that are shown."""
    right = missed = 0.0
    for stratum, beads in text.strata().items():
        judged = [each for each in text.sample(stratum) if each.key in text.verdicts]
        characters = sum(each.size for each in judged)
        if not characters:
            continue
        size = sum(each.size for each in beads)
        shares = Counter[str]()
        for each in judged:
            shares[text.verdicts[each.key]] += each.size
        if stratum in _SHOWN:
            right += size * shares["right"] / characters
        has_translation = characters - shares["alone"] - shares["right"] * (stratum in _SHOWN)
        missed += size * has_translation / characters
    return right / max(1.0, right + missed)


def rows_of(texts: Sequence[Aligned]) -> Iterator[list[str]]:
    for text in texts:
        counts = Counter(each.stratum for each in text.beads)
        shown = groups_of([text], _SHOWN, _WORTH)
        right = [
            each.key
            for stratum in _SHOWN
            for each in text.sample(stratum)
            if text.verdicts.get(each.key) == "right"
        ]
        found = sum(key in text.by_length for key in right)
        yield [
            f"{text.left} – {text.right}".replace(".pdf", ""),
            "/".join(str(counts[stratum]) for stratum in _DRAWN),
            str(precision(shown)),
            f"{recall(text):.3f}" if right else "–",
            f"{found / len(right):.2f}" if right else "–",
            f"{text.pages / text.seconds:.0f}",
        ]


def confidence_rows(texts: Sequence[Aligned]) -> Iterator[list[str]]:
    """Precision by confidence; within a bin each pair weighs as much as it stands for in its stratum."""
    judged: list[tuple[float, float, str]] = []
    for text in texts:
        for stratum in (*_SHOWN, "doubtful"):
            some = [each for each in text.sample(stratum) if each.key in text.verdicts]
            weight = len(text.strata()[stratum]) / max(1, len(some))
            judged += [(each.confidence, weight, text.verdicts[each.key]) for each in some]
    for low, high in pairwise(_BINS):
        within = [each for each in judged if low <= each[0] < high or each[0] == high == 1.0]
        whole = sum(weight for _confidence, weight, _verdict in within)
        shares = {
            verdict: sum(weight for _, weight, found in within if found == verdict) / max(whole, 1e-9)
            for verdict in ("right", "partly", "wrong")
        }
        yield [
            f"{low:.2f}–{high:.2f}",
            str(len(within)),
            f"{sum(weight * confidence for confidence, weight, _ in within) / max(whole, 1e-9):.2f}",
            *(f"{share:.2f}" if within else "–" for share in shares.values()),
        ]


def memory_of(work: Callable[[], object]) -> tuple[float, float]:
    """MiB at most, and seconds; the watch over memory makes it slower."""
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return most, seconds


def made_text(language: Language, number: int, draw: random.Random) -> list[TextUnit]:
    """A text of many passages, of words that both languages have and of such as only one has."""
    units = []
    for count in range(number):
        words = [f"{language}{draw.randrange(5000)}" for _ in range(12)]
        text = f"Artikel {count // 3} " + " ".join(words) + "."
        units.append(TextUnit("paragraph", language, text, (Part(1, 0, 0, len(text), 0),), 0.0))
    return units


def cost_rows(library: Library, texts: Sequence[Aligned]) -> Iterator[list[str]]:
    largest = max(texts, key=lambda text: text.pages)
    lefts, rights = library.units(largest.left), library.units(largest.right)
    draw = random.Random(4)
    made = made_text("nl", 20_000, draw), made_text("fr", 20_000, draw)
    for name, pair in ((f"{largest.left} – {largest.right}", (lefts, rights)), ("made up", made)):
        most, seconds = memory_of(lambda pair=pair: align(*pair))  # type: ignore[misc]
        started = time.perf_counter()
        by_length(*([len(unit.text) for unit in side[:2000]] for side in pair))
        plain = time.perf_counter() - started
        yield [
            name, f"{len(pair[0])}/{len(pair[1])}", f"{seconds:.1f} s", f"{most:.0f} MiB", f"{plain:.1f} s"
        ]  # fmt: skip


def table(heads: Sequence[str], rows: Iterator[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--unjudged", type=Path, help="write the pairs that nobody has judged to this file")
    options = parser.parse_args()
    library = Library()
    pairs = [*(OF_CORPUS if CORPUS.exists() else ()), *OF_DEMONSTRATION]
    texts = [aligned(library, *pair) for pair in pairs]
    known = judgements()
    for text in texts:
        text.verdicts = {each.key: known[each.key] for each in text.beads if each.key in known}
    if options.unjudged:
        print(f"{write_unjudged(texts, options.unjudged)} pairs to judge in {options.unjudged}")
        return
    print(
        table(
            [
                "texts", "/".join(_DRAWN), "precision (95 %, judged)", "recall", "by length alone", "pages/s",
            ],
            rows_of(texts),
        )
    )  # fmt: skip
    sampled = [each.key for text in texts for stratum in _DRAWN for each in text.sample(stratum)]
    judged = {key for text in texts for key in text.verdicts}
    print(f"Sampled: {len(sampled)}; without a judgement: {len(set(sampled) - judged)}\n")
    half = {**_WORTH, "partly": 0.5}
    print(
        table(
            ["class", "precision (95 %, judged)", "partly as half"],
            (
                [
                    name,
                    str(precision(groups_of(texts, strata, _WORTH))),
                    f"{precision(groups_of(texts, strata, half)).share:.3f}",
                ]
                for name, strata in (
                    *((stratum, (stratum,)) for stratum in (*_SHOWN, "doubtful")),
                    ("sure or likely", _SHOWN),
                )
            ),
        )
    )
    lacking = ((name, str(precision(groups_of(texts, (name,), _LACKING)))) for name in _ALONE)
    print(table(["said of what stays alone", "the other text lacks it (95 %, judged)"], map(list, lacking)))
    print(table(["confidence", "judged", "mean", "right", "partly", "wrong"], confidence_rows(texts)))
    print(
        table(
            ["texts", "passages", "time", "memory", "by length alone, 2,000 passages"],
            cost_rows(library, texts),
        )
    )


if __name__ == "__main__":
    main()
