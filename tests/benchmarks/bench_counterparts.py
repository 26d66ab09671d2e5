"""Are translations found: of documents, and of words?

    python tests/benchmarks/bench_counterparts.py [--archive FOLDER] [--show]

Adds the corpus, where present, and the demonstration collection to an archive of its own, without saying
what the documents are (or takes an archive), and asks

* for each document and language of its own, and each other language: which text translates it? Known is which
  do (the six plans, the two editions of the proposal, the four FAQs, the columns of annals and leaflet); all
  others have no translation;
* for each term of counterpart_terms.py: is the right counterpart the first, or among the first three? Texts
  are all those of its language that have a translation in the other;
* for each of its rare terms: is the first counterpart right; wrong, and told as uncertain; wrong and not told
  (goal: none)? A right one may be told as uncertain too;
* how long an answer takes: cold (texts not read yet), and warm (median and 95th percentile of all terms, five
  times each).
"""

import argparse
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from bench_quote import fill  # noqa: E402 - found by the line above
from counterpart_terms import RARE_TERMS, TERMS, Term  # noqa: E402

from archive.catalogue.catalogue import Catalogue  # noqa: E402
from archive.languages import LANGUAGES, Language  # noqa: E402
from index.engine.contract import Engine  # noqa: E402
from index.indexer import open_engine  # noqa: E402
from index.query.parser import Query, parse, without_compounds  # noqa: E402
from index.studies import Studies  # noqa: E402
from index.translations.counterparts import SentencePairs, counterparts  # noqa: E402
from index.translations.translated_documents import TextKey, TranslatedDocuments  # noqa: E402

_ROUNDS = 5

_PARALLEL = re.compile(
    r"(?P<work>parallel-debian-faq|be-citizens-parliament-climate-proposal-v\d|20\d\d-(?!note|six|concertation).+)"
    r"(-20\d\d-\d\d)?-(nl|fr|de|en)\.pdf"
)
_IN_TWO_LANGUAGES = {"be-senate-annals-5-19-fr-nl.pdf", "2020-concertation-overleg-fr-nl.pdf"}


def work_of(filename: str) -> str | None:
    """What a document has in common with its translations; None if it has none."""
    if filename in _IN_TWO_LANGUAGES:
        return filename
    found = _PARALLEL.fullmatch(filename)
    return found["work"] if found else None


def texts_of(catalogue: Catalogue, parallel: TranslatedDocuments) -> list[TextKey]:
    return [
        TextKey(document.id, language)
        for document in catalogue.documents()
        for language in parallel.languages(document.id)
    ]


def documents_table(
    catalogue: Catalogue, parallel: TranslatedDocuments, engine: Engine, *, is_shown: bool
) -> dict[tuple[TextKey, Language], TextKey]:
    """Prints how many translations are right, and gives those that were found."""
    names = {document.id: document.filename for document in catalogue.documents()}
    texts = texts_of(catalogue, parallel)
    counts: Counter[str] = Counter()
    found = {}
    times = []
    for key in texts:
        work = work_of(names[key.document])
        for language in LANGUAGES:
            if language == key.language:
                continue
            known = {
                other
                for other in texts
                if work and other.language == language and work_of(names[other.document]) == work
            }
            started = time.perf_counter()
            translation = parallel.translation(key, language, engine)
            times.append(time.perf_counter() - started)
            if translation:
                found[key, language] = translation.key
                verdict = "right" if translation.key in known else "wrong"
            else:
                verdict = "missed" if known else "rightly none"
            counts[verdict] += 1
            if is_shown and verdict in ("wrong", "missed"):
                print(verdict, names[key.document], key.language, language, translation)
    given, there = counts["right"] + counts["wrong"], counts["right"] + counts["missed"]
    print(
        f"Translations of {len(texts)} texts of {len(names)} documents: {dict(counts)}; precision "
        f"{counts['right'] / max(1, given):.3f}, recall {counts['right'] / max(1, there):.3f}; seconds for "
        f"an answer, texts not read yet: median {statistics.median(times):.2f}, at most {max(times):.1f}\n"
    )
    return found


def pairs_of(
    parallel: TranslatedDocuments,
    found: dict[tuple[TextKey, Language], TextKey],
    source: Language,
    target: Language,
) -> list[SentencePairs]:
    return [
        parallel.sentences(key, other)
        for (key, language), other in found.items()
        if (key.language, language) == (source, target)
    ]


def asked(term: Term) -> Query:
    """A term as readers ask for it: without its compounds."""
    return without_compounds(parse(term.query), [term.source])


def certainty_rows(
    parallel: TranslatedDocuments,
    found: dict[tuple[TextKey, Language], TextKey],
    engine: Engine,
    *,
    is_shown: bool,
) -> Iterator[str]:
    """How many first counterparts are right, and how many that are wrong are told as uncertain."""
    for name, terms in (("rare", RARE_TERMS), ("others", TERMS)):
        counts: Counter[str] = Counter()
        for term in terms:
            answer = counterparts(pairs_of(parallel, found, term.source, term.target), asked(term), engine)
            if not answer.candidates:
                counts["none given" if answer.with_term else "not in the texts"] += 1
                continue
            first = answer.candidates[0]
            is_right = any(re.fullmatch(term.right, form.lower()) for form in first.forms)
            verdict = ("right" if is_right else "wrong") + (", uncertain" if first.doubts else "")
            counts[verdict] += 1
            if is_shown and not is_right:
                print(f"  {term.source}→{term.target} {term.query}: {first.forms[0]} ({verdict})")
        columns = ("right", "right, uncertain", "wrong, uncertain", "wrong", "none given", "not in the texts")
        yield f"| {name} | {len(terms)} | {' | '.join(str(counts[each]) for each in columns)} |"


def rank(term: Term, texts: Sequence[SentencePairs], engine: Engine) -> tuple[int | None, str]:
    """The place of the first right counterpart, from 1, and what comes first."""
    answer = counterparts(texts, asked(term), engine)
    right = re.compile(term.right)
    forms = [candidate.forms[0] for candidate in answer.candidates]
    places = (
        number
        for number, candidate in enumerate(answer.candidates, 1)
        if any(right.fullmatch(form.lower()) for form in candidate.forms)
    )
    return next(places, None), f"{len(answer.with_term)} pairs: {', '.join(forms[:5])}"


def terms_rows(
    parallel: TranslatedDocuments,
    found: dict[tuple[TextKey, Language], TextKey],
    engine: Engine,
    *,
    is_shown: bool,
) -> Iterator[str]:
    directions = sorted({(term.source, term.target) for term in TERMS})
    all_ranks: list[int | None] = []
    warm = []
    for source, target in directions:
        started = time.perf_counter()
        texts = pairs_of(parallel, found, source, target)
        if not texts:
            continue
        terms = [term for term in TERMS if (term.source, term.target) == (source, target)]
        counterparts(texts, asked(terms[0]), engine)
        cold = time.perf_counter() - started
        ranks = []
        for term in terms:
            place, first = rank(term, texts, engine)
            ranks.append(place)
            if is_shown and place != 1:
                print(f"  {source}→{target} {term.query}: {place} ({first})")
        for _round in range(_ROUNDS):
            for term in terms:
                started = time.perf_counter()
                counterparts(texts, asked(term), engine)
                warm.append((time.perf_counter() - started) * 1000)
        all_ranks += ranks
        sentences = sum(len(text.all) for text in texts)
        yield f"| {source}→{target} | {len(texts)} | {sentences} | {_shares(ranks)} | {cold:.1f} s |"
    warm.sort()
    yield (
        f"| all | | | {_shares(all_ranks)} | warm {statistics.median(warm):.0f} ms, "
        f"p95 {warm[int(0.95 * len(warm))]:.0f} ms |"
    )


def _shares(ranks: Sequence[int | None]) -> str:
    first = sum(place == 1 for place in ranks)
    early = sum(place is not None and place <= 3 for place in ranks)
    return f"{len(ranks)} | {first / len(ranks):.2f} | {early / len(ranks):.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--archive", type=Path, help="folder of an archive to use instead of making one")
    parser.add_argument("--show", action="store_true", help="print what is not right")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = options.archive or Path(folder)
        catalogue = (
            Catalogue.open(f"sqlite:///{data / 'catalogue.sqlite'}") if options.archive else fill(data)
        )
        with catalogue:
            engine = open_engine(data / "index")
            parallel = TranslatedDocuments(catalogue, Studies(data / "studies"))
            found = documents_table(catalogue, parallel, engine, is_shown=options.show)
            print("| terms | texts | pairs of sentences | terms | first | first three | cold |")
            print("| --- | --- | --- | --- | --- | --- | --- |")
            for row in terms_rows(parallel, found, engine, is_shown=options.show):
                print(row, flush=True)
            print(
                "\n| terms | | right | right, uncertain | wrong, uncertain | wrong | none given | not there |"
            )
            print("| --- | --- | --- | --- | --- | --- | --- | --- |")
            for row in certainty_rows(parallel, found, engine, is_shown=options.show):
                print(row, flush=True)


if __name__ == "__main__":
    main()
