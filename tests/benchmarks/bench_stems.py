"""How well the forms of a word are found: our stemmers and Snowball's, on the corpus beside the repo.

    python tests/benchmarks/bench_stems.py [--language LANGUAGE] [--draw]

*Pages.* Every page of a language is one text, scored as in the index (BM25, a compound weighs half). A query
is one word; the pages that answer it are those with a word of its family (dutch_families.py and its
neighbours). Printed for each stemmer: MRR (how early the first right page comes), recall and precision of the
first ten, recall and precision of all that is found, MAP (both, over the whole list), and the size of the
index: terms, and pairs of term and page. Dutch families hold compounds, so Dutch is measured without and with
them; they are found when a query is asked, and add nothing to the index.

*Families.* Pairs of forms that a stemmer keeps apart (missed), pairs with a word that only looks alike which
it merges (false), and derived words that it finds, which is no fault.

*Vocabulary.* Pairs of words of the corpus that both merge, ours alone, or Snowball alone. Of those that ours
merges 200 were drawn at random in each language, and of those that Snowball alone merges 100, and judged by
reading (stem_verdicts.tsv): "same" word; "homograph", where one of the two is a form of the other's word and
a word of its own as well (*demande*, *demander*); or "other". ``--draw`` prints such pairs.
"""

import argparse
import csv
import importlib
import math
import random
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product
from pathlib import Path
from statistics import mean
from typing import Literal, NamedTuple

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import dutch_families  # noqa: E402 - found by the line above
import Stemmer  # noqa: E402
from word_families import WordFamily  # noqa: E402

from archive.languages import Language  # noqa: E402
from index.engine.whoosh_index.evaluation import COMPOUND_WEIGHT, LENGTH_WEIGHT, SATURATION  # noqa: E402
from index.engine.whoosh_index.vocabulary import Words  # noqa: E402
from index.language.stemming import STEMMERS  # noqa: E402
from index.query.compounds import Compounds  # noqa: E402
from index.text import analysis  # noqa: E402
from index.text.analysis import fold, is_stop_word, stem, tokens  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus" / "plans"
DEMONSTRATION = ROOT / "archive" / "demonstration"
VERDICTS = Path(__file__).with_name("stem_verdicts.tsv")
COMPOUND_VERDICTS = Path(__file__).with_name("compound_verdicts.tsv")
NAMES: dict[Language, str] = {"nl": "dutch", "fr": "french", "en": "english", "de": "german"}
SNOWBALL = {"nl": ("dutch", "dutch_porter"), "fr": ("french",), "en": ("english",), "de": ("german",)}
DOCUMENTS: dict[Language, tuple[str, ...]] = {
    "nl": (
        "be-citizens-parliament-climate-proposal-v1-2020-10-nl.pdf",
        "be-citizens-parliament-climate-proposal-v2-2021-01-nl.pdf",
        "be-senate-annals-5-19-fr-nl.pdf",
        "nl-bzk-iv3-informatievoorschrift-2026.pdf",
        "nl-heerlen-parkeerverordening-2025.pdf",
        "nl-wassenaar-begroting-2024.pdf",
        "nl-wassenaar-begroting-2026.pdf",
        "nl-wassenaar-besluitenlijst-2024-12-10.pdf",
        "parallel-debian-faq-nl.pdf",
    ),
    "fr": (
        "be-citizens-parliament-climate-proposal-v1-2020-10-fr.pdf",
        "be-citizens-parliament-climate-proposal-v2-2021-01-fr.pdf",
        "be-senate-annals-5-19-fr-nl.pdf",
        "fr-cclo-conseil-2025-09-25.pdf",
        "fr-cclo-rpqs-eau-potable-2024.pdf",
        "fr-cclo-spanc-2023.pdf",
        "fr-pierrefonds-cm-2022-06-28.pdf",
        "fr-pierrefonds-cr-2017-11-21.pdf",
        "parallel-debian-faq-fr.pdf",
        *sorted(path.name for path in DEMONSTRATION.glob("*-fr.pdf")),
    ),
    "en": (
        "eu-gdpr-2016-679-en.pdf",
        "parallel-debian-faq-en.pdf",
        *sorted(path.name for path in DEMONSTRATION.glob("*-en.pdf")),
    ),
    "de": ("parallel-debian-faq-de.pdf",),
}

SEEDS: dict[Language, int] = {"fr": 12, "en": 12, "de": 15}
"""Of the pairs that were judged; pairs drawn before were read while the stemmers were made."""

Found = list[int]
"""Page numbers, best first."""
Page = Counter[str]
"""The words of a page in their verbatim form, and how often each stands there."""
WordStemmer = Callable[[str], str]


class Asked(NamedTuple):
    """Words to ask for, and the pages that answer each."""

    queries: Sequence[str]
    right: set[int]


def pages_of(name: str, language: Language) -> Iterator[Page]:
    """The words of each page in `language`, as another program reads it."""
    file = CORPUS / name if (CORPUS / name).exists() else DEMONSTRATION / name
    read = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True)
    for page in read.stdout.split("\f"):
        joined = re.sub(r"(\w)[-\u00ad\ufffe]\n(\w)", r"\1\2", page)
        text = "\n\n".join(block for block in joined.split("\n\n") if _is_in(block, language))
        if text.strip():
            yield Counter(token.text for token in tokens(text))


def _is_in(block: str, language: Language) -> bool:
    """Of a page with two columns, whether this belongs to the one that is asked for."""
    other: Language = "fr" if language == "nl" else "nl"
    words = [token.text for token in tokens(block)]
    return sum(is_stop_word(word, language) - is_stop_word(word, other) for word in words) >= 0


def snowball(algorithm: str) -> WordStemmer:
    """One of Snowball's stemmers."""
    stemmer = Stemmer.Stemmer(algorithm)
    return lambda word: str(stemmer.stemWord(word))


def use(stemmer: WordStemmer, language: Language) -> None:
    """Let the analysis go by this stemmer from now on."""
    STEMMERS[language] = stemmer
    analysis._stems[language].clear()


# Pages


class Index:
    """The pages by the stems of their words, for the stemmer in use."""

    def __init__(self, pages: Sequence[Page], language: Language) -> None:
        self._language = language
        self._lengths = [page.total() for page in pages]
        self._average = mean(self._lengths)
        self.postings: dict[str, dict[int, float]] = defaultdict(dict)
        vocabulary: Counter[str] = Counter()
        for number, page in enumerate(pages):
            vocabulary.update({fold(word) for word in page})
            for word, count in page.items():
                of_stem = self.postings[stem(word, language)]
                of_stem[number] = of_stem.get(number, 0) + count
        self._compounds = Compounds(
            Words().and_also(vocabulary, language),
            vocabulary.__getitem__,
            lambda found, _language: len(self.postings.get(found, ())),
        )

    def holding(self, word: str) -> Sequence[str]:
        """The compounds that hold a word, folded."""
        return self._compounds.holding(word, self._language)

    def search(self, word: str, *, compounds: bool) -> Found:
        """The pages with the word in any form or, with `compounds`, inside another."""
        counts = dict(self.postings.get(stem(word, self._language), {}))
        for compound in self._compounds.holding(word, self._language) if compounds else ():
            for number, count in self.postings[stem(compound, self._language)].items():
                counts[number] = counts.get(number, 0) + COMPOUND_WEIGHT * count
        return sorted(counts, key=lambda number: (-self._score(number, counts[number]), number))

    def _score(self, number: int, count: float) -> float:
        length = self._lengths[number] / self._average
        return count / (count + SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * length))


def asked_of(family: WordFamily | dutch_families.Family, pages: Sequence[Page]) -> Asked:
    """The queries of a family, and the pages with a word of it."""
    if isinstance(family, WordFamily):
        forms = set(family.forms)
        return Asked(
            family.forms[:2], {number for number, page in enumerate(pages) if forms.intersection(page)}
        )
    members = re.compile(family.members)
    others = re.compile(family.others or r"\Z\A.")
    right = {
        number
        for number, page in enumerate(pages)
        if any(word.isalpha() and members.search(word) and not others.search(word) for word in page)
    }
    return Asked(family.queries, right)


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


def print_pages(name: str, pages: Sequence[Page], language: Language) -> None:
    families = importlib.import_module(f"{NAMES[language]}_families")
    index = Index(pages, language)
    size = f"{len(index.postings):7}  {sum(map(len, index.postings.values())):7}"
    for compounds in (False, True) if language == "nl" else (False,):
        for label, chosen in (("in view", families.IN_VIEW), ("held out", families.HELD_OUT)):
            rows = [
                measures(index.search(query, compounds=compounds), asked.right)
                for asked in (asked_of(family, pages) for family in chosen)
                if asked.right
                for query in asked.queries
            ]
            means = "  ".join(f"{mean(column):.3f}" for column in zip(*rows, strict=True))
            print(f"{name:22} {'yes' if compounds else 'no':7} {label:9} {means} {size}")


def print_compounds(pages: Sequence[Page]) -> None:
    """How many of the compounds with a part that is no word of the corpus are found; all were judged by
    reading when the rule was made, for 47 frequent nouns, with words that only look like compounds."""
    index = Index(pages, "nl")
    with COMPOUND_VERDICTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    for verdict in ("compound", "other"):
        judged = [row for row in rows if row["verdict"] == verdict]
        found = sum(row["compound"] in index.holding(row["word"]) for row in judged)
        print(f"judged beside an unknown part, {verdict}: {found} of {len(judged)} found")


# Families and vocabulary


def print_families(name: str, language: Language) -> None:
    families = importlib.import_module(f"{NAMES[language]}_families")
    for label, chosen in (("in view", families.IN_VIEW), ("held out", families.HELD_OUT)):
        wanted = [pair for family in chosen for pair in combinations(family.forms, 2)]
        unwanted = [pair for family in chosen for pair in product(family.forms, family.apart)]
        missed = sum(not _are_merged(*pair, language) for pair in wanted)
        false = sum(_are_merged(*pair, language) for pair in unwanted)
        derived = [
            any(_are_merged(form, word, language) for form in family.forms)
            for family in chosen
            for word in family.derived
        ]
        print(
            f"{name:22} {label:9} missed {missed}/{len(wanted)}  false {false}/{len(unwanted)}"
            f"  derived found {sum(derived)}/{len(derived)}"
        )


def _are_merged(word: str, other: str, language: Language) -> bool:
    return stem(word, language) == stem(other, language)


def merged_pairs(words: Sequence[str], language: Language) -> set[tuple[str, str]]:
    """The pairs of words that the stemmer in use merges."""
    by_stem: dict[str, list[str]] = defaultdict(list)
    for word in words:
        by_stem[stem(word, language)].append(word)
    return {pair for group in by_stem.values() for pair in combinations(group, 2)}


def vocabulary_of(pages: Sequence[Page]) -> list[str]:
    return sorted({word for page in pages for word in page if word.isalpha() and len(word) > 2})


def draw(pairs: set[tuple[str, str]], count: int, seed: int) -> list[tuple[str, str]]:
    """Pairs at random, no two of them with a word in common, so that large families do not count most."""
    shuffled = sorted(pairs)
    random.Random(seed).shuffle(shuffled)
    chosen: list[tuple[str, str]] = []
    seen: set[str] = set()
    for pair in shuffled:
        if not seen.intersection(pair):
            seen.update(pair)
            chosen.append(pair)
    return chosen[:count]


def print_vocabulary(
    words: Sequence[str], own: set[tuple[str, str]], other: set[tuple[str, str]], language: Language
) -> None:
    print(
        f"{len(words)} words of the corpus; pairs merged by both {len(own & other)},"
        f" by ours alone {len(own - other)}, by Snowball alone {len(other - own)}"
    )
    with VERDICTS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["language"] == language]
    for merged_by in ("ours", "snowball"):
        judged = [row for row in rows if row["merged_by"] == merged_by]
        verdicts = Counter(row["verdict"] for row in judged)
        merged = sum(_are_merged(row["word"], row["other"], language) for row in judged)
        told = ", ".join(f"{verdict} {count}" for verdict, count in sorted(verdicts.items()))
        print(f"drawn of those merged by {merged_by}: {told}; ours merges {merged} of {len(judged)} now")


def bench(language: Language, *, show: Literal["figures", "pairs"]) -> None:
    pages = [page for name in DOCUMENTS[language] for page in pages_of(name, language)]
    own = STEMMERS[language]
    words = vocabulary_of(pages)
    merged: dict[str, set[tuple[str, str]]] = {}
    stemmers = {f"snowball {name}": snowball(name) for name in SNOWBALL[language]} | {"own": own}
    if show == "figures":
        print(f"\n{NAMES[language]}: {len(pages)} pages, {sum(map(Counter.total, pages))} words")
        print("stemmer             compounds  families   MRR  R@10  P@10     R     P   MAP   terms    pairs")
    for name, stemmer in stemmers.items():
        use(stemmer, language)
        merged[name] = merged_pairs(words, language)
        if show == "figures":
            print_pages(name, pages, language)
    if language == "nl":
        if show == "figures":
            print_compounds(pages)
        return
    other = merged[f"snowball {SNOWBALL[language][0]}"]
    if show == "pairs":
        for merged_by, pairs in (
            ("ours", draw(merged["own"], 200, SEEDS[language])),
            ("snowball", draw(other - merged["own"], 100, SEEDS[language])),
        ):
            for pair in pairs:
                print(language, merged_by, *pair, sep="\t")
        return
    for name, stemmer in stemmers.items():
        use(stemmer, language)
        print_families(name, language)
    print_vocabulary(words, merged["own"], other, language)


def main() -> None:
    """Print the figures, or pairs to judge."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--language", action="append", choices=[*NAMES], help="default: all four")
    parser.add_argument("--draw", action="store_true", help="print pairs to judge instead of figures")
    options = parser.parse_args()
    if not CORPUS.is_dir() or shutil.which("pdftotext") is None:
        print("This needs the corpus beside the checkout, and pdftotext (apt-get install poppler-utils).")
        return
    for language in options.language or NAMES:
        bench(language, show="pairs" if options.draw else "figures")


if __name__ == "__main__":
    main()
