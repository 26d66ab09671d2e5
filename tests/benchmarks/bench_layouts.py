"""Are layouts that nobody chose read rightly? Known text set at random, read, and compared with its source.

    python tests/benchmarks/bench_layouts.py [--seed 1] [--pages 500] [--features NAMES] [--show] [--reduce]

Sets documents of ``tests/layouts`` until they have so many pages, reads them, and prints by feature and by
pair of features what went wrong: words lost or invented, neighbours torn apart, blocks that mix two pieces of
the source, pieces in two blocks, false and missed tables, words joined wrongly at line ends, and quotations
(mostly over the ends of columns and pages) denied, or confirmed though a word was changed. A fault counts for
every feature of its document: what a feature is to blame for shows where it is high alone.
`--features` allows these only, `--only` wants them in each document, `--show` prints each fault, `--reduce`
the smallest document that still has it (quotations excepted), with its PDF in the folder `--keep`.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from archive.records import Description  # noqa: E402 - found by the line above
from index.indexer import open_engine  # noqa: E402
from index.quotation.quote_report import QuoteReport  # noqa: E402
from index.quotation.verdict import find  # noqa: E402
from tests.layouts.measure import Findings  # noqa: E402
from tests.layouts.quotations import Quotation, is_said, quotations_of  # noqa: E402
from tests.layouts.recipe import FEATURES, Feature, Recipe, draw_recipe  # noqa: E402
from tests.layouts.reduction import reduced  # noqa: E402
from tests.layouts.trial import Trial, pdf_of, try_out  # noqa: E402
from tests.surroundings.reading_room import ReadingRoom  # noqa: E402

_LEAST_ORDER, _LEAST_HYPHENS = 0.998, 0.999
_PAIRS_SHOWN = 15


def trials(seed: int, pages: int, allowed: frozenset[Feature], wanted: frozenset[Feature]) -> Iterator[Trial]:
    """Documents that have so many pages together."""
    number = 0
    while pages > 0:
        trial = try_out(draw_recipe(f"{seed}-{number}", allowed, wanted))
        yield trial
        pages -= len(trial.pages)
        number += 1


def ask(tried: Sequence[Trial], seed: int) -> None:
    """Put the documents into an archive, and ask it for quotations of each."""
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        room = ReadingRoom(Path(folder))
        names = [
            room.add(trial.pages, Description(title=trial.recipe.name), is_indexed=False).id
            for trial in tried
        ]
        room.indexer.rebuild()
        engine = open_engine(Path(folder) / "index")
        readings = [trial.reading for trial in tried]
        for name, trial in zip(names, tried, strict=True):
            if "scan" in trial.recipe.features:
                continue
            for quotation in quotations_of(trial.reading, draw):
                trial.findings.quotations += 1
                report = find(quotation.text, engine, room.catalogue)
                if report.verdict != "verbatim" or name not in {match.document for match in report.matches}:
                    trial.findings.denied.append(_told(quotation, report, quotation.text))
                report = find(quotation.altered, engine, room.catalogue)
                if report.verdict == "verbatim" and not is_said(quotation.altered, readings):
                    trial.findings.confirmed.append(_told(quotation, report, quotation.altered))
        room.close()


def _told(quotation: Quotation, report: QuoteReport, text: str) -> str:
    nearest = report.matches[0] if report.matches else None
    shown = f", read as {nearest.text}" if nearest and report.verdict == "altered" else ""
    return f"{quotation.where}, {report.verdict}: {text}{shown}"


def by_features(tried: Sequence[Trial], count: int) -> dict[tuple[str, ...], tuple[int, Findings]]:
    """Documents and findings by each feature, or each pair."""
    found: dict[tuple[str, ...], tuple[int, Findings]] = {}
    for trial in tried:
        if "scan" in trial.recipe.features and count > 1:
            continue
        for names in combinations(sorted(trial.recipe.features, key=FEATURES.index), count):
            documents, total = found.setdefault(names, (0, Findings()))
            total.add(trial.findings)
            found[names] = documents + 1, total
    return found


_HEADINGS = (
    f"{'feature':36}{'docs':>5}{'words':>8}{'lost':>6}{'invented':>9}{'order':>8}{'mixed':>6}{'split':>6}"
    f"{'tables: false':>14}{'missed':>7}{'hyphens':>9}{'quotes: denied':>15}{'false':>6}"
)


def row(name: str, documents: int, found: Findings) -> str:
    return (
        f"{name:36}{documents:5}{found.words:8}{len(found.lost):6}{len(found.invented):9}{order(found):8.4f}"
        f"{len(found.mixed):6}{len(found.split):6}{len(found.false_tables):14}{len(found.missed_tables):7}"
        f"{len(found.hyphens):4}/{found.broken:<5}{len(found.denied):4}/{found.quotations:<8}"
        f"{len(found.confirmed):6}"
    )


def order(found: Findings) -> float:
    return 1 - len(found.torn) / max(1, found.pairs)


def table(tried: Sequence[Trial]) -> Iterator[str]:
    yield _HEADINGS
    for (name,), (documents, found) in sorted(
        by_features(tried, 1).items(), key=lambda item: FEATURES.index(item[0][0])
    ):
        yield row(name, documents, found)
    plain = [trial for trial in tried if not trial.recipe.features]
    if plain:
        yield row("none", len(plain), total_of(plain))
    yield ""
    yield f"pairs of features with most faults a document (of {_PAIRS_SHOWN})"
    yield _HEADINGS
    pairs = by_features(tried, 2)
    worst = sorted(pairs, key=lambda names: -_faults(pairs[names][1]) / pairs[names][0])
    for names in [names for names in worst if pairs[names][0] > 1][:_PAIRS_SHOWN]:
        yield row(" + ".join(names), *pairs[names])


def _faults(found: Findings) -> int:
    return sum(map(len, found.faults.values()))


def total_of(tried: Sequence[Trial]) -> Findings:
    total = Findings()
    for trial in tried:
        total.add(trial.findings)
    return total


def goals(tried: Sequence[Trial]) -> Iterator[str]:
    """What was reached, beside its goal."""
    clean = [trial for trial in tried if "scan" not in trial.recipe.features]
    found = total_of(clean)
    pages = sum(len(trial.pages) for trial in clean)
    hyphens = 1 - len(found.hyphens) / max(1, found.broken)
    yield f"outside scans, {len(clean)} documents of {pages} pages, {found.words} words:"
    for name, reached, goal, is_met in (
        (
            "words lost or invented",
            len(found.lost) + len(found.invented),
            "0",
            not found.lost + found.invented,
        ),
        ("order of neighbours", f"{order(found):.4f}", _LEAST_ORDER, order(found) >= _LEAST_ORDER),
        ("false tables", len(found.false_tables), "0", not found.false_tables),
        ("hyphens right", f"{hyphens:.4f}", _LEAST_HYPHENS, hyphens >= _LEAST_HYPHENS),
        (
            "quotations wrong",
            len(found.denied) + len(found.confirmed),
            "0",
            not found.denied + found.confirmed,
        ),
        ("blocks that mix two pieces", f"{len(found.mixed)} of {found.blocks}", "–", True),
        ("pieces in two blocks", len(found.split), "–", True),
        ("tables missed", f"{len(found.missed_tables)} of {found.tables}", "–", True),
    ):
        yield f"  {name:28}{reached!s:>14}   goal {goal!s:6}{'' if is_met else '  MISSED'}"


def show(trial: Trial) -> None:
    """Print what went wrong in a document."""
    recipe = trial.recipe
    print(f"{recipe.name}: {', '.join(sorted(recipe.features)) or 'plain'};", end=" ")
    print(
        f"{recipe.columns} columns of {recipe.width:.0f} pt, {recipe.size} pt {recipe.font}, {recipe.engine}"
    )
    for name, each in trial.findings.faults.items():
        for fault in each:
            print(f"    {name.replace('_', ' ')}: {fault}")


def reduce(trial: Trial, folder: Path) -> None:
    """Print the smallest document with each kind of fault that a document has, and keep its PDF."""
    for name, each in trial.findings.faults.items():
        if not each or name in ("denied", "confirmed"):
            continue

        def fails(recipe: Recipe, name: str = name) -> bool:
            return bool(try_out(recipe).findings.faults[name])

        small = try_out(reduced(trial.recipe, fails))
        path = folder / f"{trial.recipe.name}-{name}.pdf"
        path.write_bytes(pdf_of(small.recipe))
        print(f"  {name.replace('_', ' ')} alone, {path}:")
        show(small)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1, help="of what is drawn (default: 1)")
    parser.add_argument("--pages", type=int, default=500, help="to set and read, about (default: 500)")
    parser.add_argument("--features", help=f"allowed, parted by commas (default: all): {', '.join(FEATURES)}")
    parser.add_argument("--only", help="features that every document has, parted by commas")
    parser.add_argument("--show", action="store_true", help="print each fault")
    parser.add_argument("--reduce", action="store_true", help="reduce each failing document")
    parser.add_argument("--keep", type=Path, help="folder for the PDFs of failing documents")
    options = parser.parse_args()
    allowed = _features(options.features, parser) if options.features else frozenset(FEATURES)
    wanted = _features(options.only, parser) if options.only else frozenset()
    tried = list(trials(options.seed, options.pages, allowed, wanted))
    ask(tried, options.seed)
    failing = [trial for trial in tried if _faults(trial.findings)]
    folder = options.keep or Path(tempfile.mkdtemp(prefix="layouts-"))
    folder.mkdir(parents=True, exist_ok=True)
    for trial in failing if options.show or options.reduce else ():
        show(trial)
        (folder / f"{trial.recipe.name}.pdf").write_bytes(pdf_of(trial.recipe))
        if options.reduce:
            reduce(trial, folder)
    print(*table(tried), "", *goals(tried), sep="\n")


def _features(names: str, parser: argparse.ArgumentParser) -> frozenset[Feature]:
    chosen = [name.strip() for name in names.split(",")]
    if unknown := [name for name in chosen if name not in FEATURES]:
        parser.error(f"there is no feature {', '.join(unknown)}; there are {', '.join(FEATURES)}")
    return frozenset(feature for feature in FEATURES if feature in chosen)


if __name__ == "__main__":
    main()
