"""How well Dutch is found: three stemmers, each with and without compounds, on the corpus beside the repo.

Every page of the Dutch documents is one text, scored as in the index (BM25, a compound weighs half). A query
is one word; the pages that answer it are those with a word of its family (dutch_families.py).

    python tests/benchmarks/bench_dutch.py

Printed for each way: MRR (how early the first right page comes), recall and precision of the first ten,
recall and precision of all that is found, MAP (both, over the whole list), and the size of the index: terms,
and pairs of term and page. Compounds are found when a query is asked, so they add nothing to the index.
"""

import math
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).parents[2]))

from dutch_families import HELD_OUT, IN_VIEW, Family

from index import analysis
from index.analysis import fold, is_stop_word, stem, tokens
from index.compounds import Compounds
from index.evaluation import COMPOUND_WEIGHT, LENGTH_WEIGHT, SATURATION
from index.stemming import STEMMERS, snowball

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "plans"
DUTCH = (
    "be-citizens-parliament-climate-proposal-v1-2020-10-nl.pdf",
    "be-citizens-parliament-climate-proposal-v2-2021-01-nl.pdf",
    "be-senate-annals-5-19-fr-nl.pdf",
    "nl-bzk-iv3-informatievoorschrift-2026.pdf",
    "nl-heerlen-parkeerverordening-2025.pdf",
    "nl-wassenaar-begroting-2024.pdf",
    "nl-wassenaar-begroting-2026.pdf",
    "nl-wassenaar-besluitenlijst-2024-12-10.pdf",
    "parallel-debian-faq-nl.pdf",
)

Found = list[int]
"""Page numbers, best first."""


def pages_of(name: str) -> Iterator[str]:
    """The Dutch text of each page, as another program reads it."""
    read = subprocess.run(["pdftotext", CORPUS / name, "-"], capture_output=True, text=True, check=True)
    for page in read.stdout.split("\f"):
        joined = re.sub(r"(\w)[-\u00ad\ufffe]\n(\w)", r"\1\2", page)
        text = "\n\n".join(block for block in joined.split("\n\n") if _is_dutch(block))
        if text.strip():
            yield text


def _is_dutch(block: str) -> bool:
    words = [token.text for token in tokens(block)]
    return sum(is_stop_word(word, "nl") - is_stop_word(word, "fr") for word in words) >= 0


class Index:
    """The pages by the stems of their words, for one stemmer."""

    def __init__(self, pages: Sequence[Counter[str]], stemmer: Callable[[str], str]) -> None:
        STEMMERS["nl"] = stemmer
        analysis._stems["nl"].clear()
        self._lengths = [sum(page.values()) for page in pages]
        self._average = mean(self._lengths)
        self.postings: dict[str, dict[int, float]] = defaultdict(dict)
        vocabulary: Counter[str] = Counter()
        for number, page in enumerate(pages):
            vocabulary.update({fold(word) for word in page})
            for word, count in page.items():
                of_stem = self.postings[stem(word, "nl")]
                of_stem[number] = of_stem.get(number, 0) + count
        self._compounds = Compounds(vocabulary, lambda found, _language: len(self.postings.get(found, ())))

    def search(self, word: str, *, compounds: bool) -> Found:
        """The pages with the word in any form or, with `compounds`, inside another."""
        counts = dict(self.postings.get(stem(word, "nl"), {}))
        for compound in self._compounds.holding(word, "nl") if compounds else ():
            for number, count in self.postings[stem(compound, "nl")].items():
                counts[number] = counts.get(number, 0) + COMPOUND_WEIGHT * count
        return sorted(counts, key=lambda number: (-self._score(number, counts[number]), number))

    def _score(self, number: int, count: float) -> float:
        length = self._lengths[number] / self._average
        return count / (count + SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * length))


def answers(family: Family, pages: Sequence[Counter[str]]) -> set[int]:
    """The pages with a word of the family."""
    members = re.compile(family.members)
    others = re.compile(family.others or r"\Z\A.")
    return {
        number
        for number, page in enumerate(pages)
        if any(word.isalpha() and members.search(word) and not others.search(word) for word in page)
    }


def measures(found: Found, right: set[int]) -> list[float]:
    """MRR, recall and precision at ten, recall and precision of all, average precision."""
    hits = [rank for rank, number in enumerate(found, 1) if number in right]
    top = sum(rank <= 10 for rank in hits)
    return [
        1 / hits[0] if hits else 0.0,
        top / min(10, len(right)),
        top / max(1, min(10, len(found))),
        len(hits) / len(right),
        len(hits) / max(1, len(found)),
        math.fsum(number / rank for number, rank in enumerate(hits, 1)) / len(right),
    ]


def main() -> None:
    """Print the table."""
    if not CORPUS.is_dir() or shutil.which("pdftotext") is None:
        print("This needs the corpus beside the checkout, and pdftotext (apt-get install poppler-utils).")
        return
    pages = [Counter(token.text for token in tokens(text)) for name in DUTCH for text in pages_of(name)]
    print(f"{len(pages)} pages, {sum(map(Counter.total, pages))} words")
    print("stemmer             compounds  families   MRR  R@10  P@10     R     P   MAP   terms    pairs")
    own = STEMMERS["nl"]
    stemmers = {
        "snowball dutch": snowball("dutch"),
        "snowball dutch_porter": snowball("dutch_porter"),
        "own": own,
    }
    for name, stemmer in stemmers.items():
        index = Index(pages, stemmer)
        size = f"{len(index.postings):7}  {sum(map(len, index.postings.values())):7}"
        for compounds in (False, True):
            for families, chosen in (("in view", IN_VIEW), ("held out", HELD_OUT)):
                rows = [
                    measures(index.search(query, compounds=compounds), right)
                    for family in chosen
                    if (right := answers(family, pages))
                    for query in family.queries
                ]
                means = "  ".join(f"{mean(column):.3f}" for column in zip(*rows, strict=True))
                print(f"{name:22} {'yes' if compounds else 'no':7} {families:9} {means} {size}")


if __name__ == "__main__":
    main()
