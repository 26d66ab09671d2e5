"""Are words counted truly? Concordances and trends beside an independent count of the same texts.

The independent count is a regular expression over the text of every page in the language of the word, made of
the forms that counted_words.py lists. The goal: all three numbers equal for every word.

    python tests/benchmarks/bench_counts.py [--archive FOLDER]

Makes an archive of the corpus, where present, and of the demonstration collection, or takes one. Where the
numbers differ, the forms that only one of the two counted are printed with how often.
"""

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from bench_quote import fill  # noqa: E402 - found by the line above
from counted_words import COUNTED, CountedWord  # noqa: E402

from archive.catalogue.catalogue import Catalogue  # noqa: E402
from archive.languages import LANGUAGES, Language  # noqa: E402
from index.engine.contract import Engine, Filters  # noqa: E402
from index.indexer import open_engine  # noqa: E402
from index.occurrences.concordance import concordance  # noqa: E402
from index.occurrences.trends import trend  # noqa: E402
from index.query.parser import parse, without_compounds  # noqa: E402

_LINE = "{:28}{:>4}{:>10}{:>10}{:>13}  {}"


def texts_of(catalogue: Catalogue) -> dict[Language, list[str]]:
    """The text of every page, by language."""
    found: dict[Language, list[str]] = {language: [] for language in LANGUAGES}
    for document in catalogue.documents():
        for page in catalogue.pages(document.id):
            for language in page.languages:
                some = [passage.text for passage in page.blocks if passage.language == language]
                found[language].append("\n".join(some))
    return found


def independent(word: CountedWord, texts: Sequence[str]) -> Counter[str]:
    """The forms of a word as a plain regular expression finds them."""
    flags = re.IGNORECASE if word.in_any_case else 0
    pattern = re.compile(rf"(?<![^\W_])(?:{word.forms})(?![^\W_])", flags)
    return Counter(_told(found) for text in texts for found in pattern.findall(text.replace("\u00ad", "")))


def lines(word: CountedWord, engine: Engine, catalogue: Catalogue) -> Counter[str]:
    """The forms of a word in the lines of the concordance."""
    query = parse(word.query)
    asked = query if word.with_compounds else without_compounds(query)
    filters = Filters(languages=frozenset({word.language}))
    return Counter(
        _told(line.keyword) for line in concordance(engine, catalogue, asked, filters, "document").lines
    )


def _told(text: str) -> str:
    return " ".join(text.replace("\u00ad", "").split()).lower()


def compared(word: CountedWord, engine: Engine, catalogue: Catalogue, texts: Sequence[str]) -> Iterator[str]:
    """The line of a word, and what differs."""
    expected, found = independent(word, texts), lines(word, engine, catalogue)
    counted = trend(
        *(engine, catalogue, catalogue.documents(), word.query, word.language, Filters(), "year"),
        with_compounds=word.with_compounds,
    )
    numbers = found.total(), counted.count + counted.stray_count, expected.total()
    name = word.query + (" (compounds)" if word.with_compounds else "")
    yield _LINE.format(name, word.language, *numbers, "" if len(set(numbers)) == 1 else "differs")
    for who, only in (("concordance", found - expected), ("independent", expected - found)):
        if only:
            yield f"    only {who}: " + ", ".join(f"{form} {count}" for form, count in only.most_common(12))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--archive", type=Path, help="folder of an archive to use instead of making one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = options.archive or Path(folder)
        catalogue = (
            Catalogue.open(f"sqlite:///{data / 'catalogue.sqlite'}") if options.archive else fill(data)
        )
        engine = open_engine(data / "index")
        texts = texts_of(catalogue)
        print(_LINE.format("word", "in", "lines", "trend", "independent", ""))
        equal = 0
        for word in COUNTED:
            told = list(compared(word, engine, catalogue, texts[word.language]))
            equal += not told[0].endswith("differs")
            print("\n".join(told), flush=True)
        print(f"{equal} of {len(COUNTED)} words equal")
        catalogue.close()


if __name__ == "__main__":
    main()
