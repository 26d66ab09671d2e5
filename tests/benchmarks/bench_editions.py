"""Are two editions compared rightly, and how fast? Real pairs, judged by reading, and edits that are known.

    python tests/benchmarks/bench_editions.py [--seeds 200]

Prints for each pair what is told of it, the CPU time and memory of the comparison, as times those of difflib
over the same paragraphs and of git's word diff over the same text; how many of the rows that were judged by
reading (edition_verdicts.json) are right, by sort; how many of the rows with an arrow from one figure to
another that were judged by eye (figure_verdicts.tsv; rows of tables on the drawn pages, but for two) are
right and of one year; how often known edits to the demonstration texts are named as what they are, beside
difflib over the paragraphs; and how many of the figures that changed in tables of budgets, drawn at random,
are told, how many of those told are true, beside pairing by position, and how many rows without a change are
told as changed, dropped or new.
"""

import argparse
import csv
import hashlib
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from archive.languages import Language  # noqa: E402 - found by the line above
from index.editions.comparison import Comparison, ComparisonRow, compare  # noqa: E402
from index.editions.edition import Edition, read_edition  # noqa: E402
from ingest.read_document import read_document  # noqa: E402
from tests.material.budget_editions import (  # noqa: E402
    HEADINGS,
    BudgetPair,
    Drawing,
    budget_pair,
    draw_tables,
    text_of,
)
from tests.material.known_edits import EDITS, Edit, Edited, edited  # noqa: E402
from tests.surroundings.reading_room import Said, make_page  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus" / "plans"
DEMONSTRATION = ROOT / "archive" / "demonstration"
VERDICTS = Path(__file__).with_name("edition_verdicts.json")
FIGURES = Path(__file__).with_name("figure_verdicts.tsv")

_MOST_PAGES = 5_000


@dataclass(frozen=True)
class Pair:
    """Two editions of a document."""

    name: str
    old: Path
    new: Path
    language: Language


PAIRS = (
    Pair(
        "go4brussels-nl",
        DEMONSTRATION / "2020-go4brussels-2030-nl.pdf",
        DEMONSTRATION / "2021-go4brussels-2030-update-nl.pdf",
        "nl",
    ),
    Pair(
        "go4brussels-fr",
        DEMONSTRATION / "2020-go4brussels-2030-fr.pdf",
        DEMONSTRATION / "2021-go4brussels-2030-update-fr.pdf",
        "fr",
    ),
    Pair(
        "climate-nl",
        CORPUS / "be-citizens-parliament-climate-proposal-v1-2020-10-nl.pdf",
        CORPUS / "be-citizens-parliament-climate-proposal-v2-2021-01-nl.pdf",
        "nl",
    ),
    Pair(
        "climate-fr",
        CORPUS / "be-citizens-parliament-climate-proposal-v1-2020-10-fr.pdf",
        CORPUS / "be-citizens-parliament-climate-proposal-v2-2021-01-fr.pdf",
        "fr",
    ),
    Pair(
        "budget-nl",
        CORPUS / "nl-wassenaar-begroting-2024.pdf",
        CORPUS / "nl-wassenaar-begroting-2026.pdf",
        "nl",
    ),
)


def read(path: Path, language: Language) -> Edition:
    reading = read_document(path, _MOST_PAGES, lambda _done, _total: None)
    return read_edition(list(reading.pages), language)


def texts(edition: Edition) -> list[str]:
    return [passage.unit.text for passage in edition.passages]


def cpu(work: Callable[[], object]) -> float:
    """The least CPU time of three runs, in seconds."""
    times = []
    for _ in range(3):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times)


def memory(work: Callable[[], object]) -> float:
    """The most memory that is newly needed at once, in MiB."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def git_cpu(old: Edition, new: Edition) -> float:
    """CPU time of git's word diff over the texts, a passage a line."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("old.txt", "new.txt")]
        for file, edition in zip(files, (old, new), strict=True):
            file.write_text("\n".join(texts(edition)))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = ["git", "diff", "--no-index", "--patience", "--word-diff=porcelain", *map(str, files)]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def by_difflib(old: Edition, new: Edition) -> object:
    """What a script of ten lines does: align paragraphs, then the words of those replaced one by one."""
    one, other = texts(old), texts(new)
    for tag, first, end, start, stop in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "replace":
            for left, right in zip(one[first:end], other[start:stop], strict=False):
                SequenceMatcher(None, left.split(), right.split(), autojunk=False).get_opcodes()
    return None


def mark(found: Comparison, row: ComparisonRow) -> str:
    """Names a row without its text: of its sort and both sides."""
    sides = (
        " / ".join(edition.passages[number].unit.text for number in numbers)
        for edition, numbers in ((found.old, row.old), (found.new, row.new))
    )
    return hashlib.sha256("\x1f".join([row.sort, *sides]).encode()).hexdigest()[:16]


def measure(pair: Pair) -> Comparison:
    old, new = read(pair.old, pair.language), read(pair.new, pair.language)
    found = compare(old, new)
    ours, reference, git = (
        cpu(lambda: compare(old, new)),
        cpu(lambda: by_difflib(old, new)),
        git_cpu(old, new),
    )
    needed, least = memory(lambda: compare(old, new)), memory(lambda: by_difflib(old, new))
    told = ", ".join(f"{count} {sort}" for sort, count in found.counts.items())
    print(f"{pair.name}: {len(old.passages)} and {len(new.passages)} passages; {told};")
    print(f"    {found.with_figures} with other numbers; {found.share_kept:.0%} word for word the same")
    print(
        f"    {ours * 1000:.0f} ms CPU: {ours / reference:.1f} × difflib, {ours / max(git, 0.001):.1f} × git;"
        f" {needed:.1f} MiB: {needed / least:.1f} × difflib"
    )
    return found


def judge(compared: dict[str, Comparison]) -> None:
    verdicts = json.loads(VERDICTS.read_text())
    rows = {name: {mark(found, row) for row in found.rows} for name, found in compared.items()}
    right, told, gone = Counter[str](), Counter[str](), 0
    for verdict in verdicts:
        if verdict["pair"] not in rows:
            continue
        if verdict["row"] not in rows[verdict["pair"]]:
            gone += 1
            continue
        sort = "changed and moved" if verdict["moved"] else verdict["sort"]
        told[sort] += 1
        right[sort] += verdict["verdict"] == "right"
    print("\nRows judged by reading: " + ("" if told else "none of the pairs is here"))
    for sort, count in sorted(told.items()):
        print(f"    {sort}: {right[sort]} of {count} right ({right[sort] / count:.1%})")
    if gone:
        print(f"    {gone} rows that were judged are told otherwise now: read them again")


def arrow_mark(found: Comparison, row: ComparisonRow) -> str:
    """Names a row with what is told of its figures."""
    arrows = [f"{each.old} > {each.new}" for each in row.figures if each.old and each.new]
    return hashlib.sha256("\x1f".join([mark(found, row), *arrows]).encode()).hexdigest()[:16]


def judge_figures(compared: dict[str, Comparison]) -> None:
    """Rows with an arrow, and what their pages say."""
    with FIGURES.open() as file:
        verdicts = {line["mark"]: line for line in csv.DictReader(file, delimiter="\t")}
    told, right, across, unjudged = Counter[str](), Counter[str](), 0, 0
    for name, found in compared.items():
        for row in found.rows:
            if not name.startswith("budget") or not any(each.old and each.new for each in row.figures):
                continue
            verdict = verdicts.get(arrow_mark(found, row))
            if verdict is None:
                unjudged += 1
                continue
            told[verdict["what"]] += 1
            right[verdict["what"]] += verdict["verdict"] == "right"
            across += verdict["verdict"] == "other year"
    print("\nRows of budgets with an arrow, judged by eye:" + ("" if told else " none is here"))
    for what, count in sorted(told.items()):
        print(f"    {what}: {right[what]} of {count} right")
    if told:
        print(f"    across years: {across}; not judged yet: {unjudged}")


def edition_of(paragraphs: tuple[str, ...], language: Language) -> Edition:
    said: list[Said] = [("paragraph", language, text) for text in paragraphs]
    return read_edition([make_page(1, said)], language)


def named_by_us(edit: Edit, found: Comparison) -> bool:
    for row in found.rows:
        old = tuple(found.old.passages[number].unit.text for number in row.old)
        new = tuple(found.new.passages[number].unit.text for number in row.new)
        if (old, new) == (edit.old, edit.new):
            if edit.kind in ("split", "merge"):
                return row.sort == "kept"
            sorts = {"delete": "dropped", "insert": "new", "move": "moved"}
            return row.sort == sorts.get(edit.kind, "changed") and (edit.kind == "number") == bool(
                row.figures
            )
    return False


def named_by_difflib(edit: Edit, made: Edited) -> bool:
    """Whether paragraphs replaced one for one, deleted and inserted are exactly those of the edit."""
    for tag, first, end, start, stop in SequenceMatcher(
        None, made.old, made.new, autojunk=False
    ).get_opcodes():
        if tag != "equal" and (made.old[first:end], made.new[start:stop]) == (edit.old, edit.new):
            return edit.kind != "move"
    return False


def known_edits(seeds: int) -> None:
    ours, difflibs, made_at_all, extra = Counter[str](), Counter[str](), Counter[str](), 0
    draw = random.Random(4)
    for seed in range(seeds):
        language: Language = "nl" if seed % 2 else "fr"
        made = edited(language, draw.sample(list(EDITS), k=len(EDITS)), seed)
        found = compare(edition_of(made.old, language), edition_of(made.new, language))
        touched = [row for row in found.rows if row.sort != "kept" or len(row.old) + len(row.new) > 2]
        extra += max(0, len(touched) - len(made.edits))
        for edit in made.edits:
            made_at_all[edit.kind] += 1
            ours[edit.kind] += named_by_us(edit, found)
            difflibs[edit.kind] += named_by_difflib(edit, made)
    print(f"\nKnown edits to the demonstration texts, {seeds} texts: named as what they are, ours / difflib")
    for kind in EDITS:
        count = made_at_all[kind]
        print(f"    {kind}: {ours[kind] / count:.1%} / {difflibs[kind] / count:.1%} of {count}")
    print(f"    rows told beyond the edits: {extra} of {sum(made_at_all.values())}")


Told = tuple[str, str, str]
"""The name of a row of a table, a figure of it before and after."""


@dataclass
class BudgetScore:
    """What is told of tables of budgets, beside what is true."""

    true: int = 0
    told: int = 0
    right: int = 0
    by_position: int = 0
    by_position_right: int = 0
    unchanged: int = 0
    unchanged_told_changed: int = 0
    in_both: int = 0
    in_both_told_lone: int = 0

    def add(self, pair: BudgetPair, found: Comparison) -> None:
        """Count a table."""
        sorts: dict[str, set[str]] = {}
        told: set[Told] = set()
        for row in found.rows:
            old = " ".join(found.old.passages[number].unit.text for number in row.old)
            new = " ".join(found.new.passages[number].unit.text for number in row.new)
            for name in {*pair.old.rows, *pair.new.rows}:
                if name in old or name in new:
                    sorts.setdefault(name, set()).add(row.sort)
                    told |= {(name, each.old, each.new) for each in row.figures if each.old and each.new}
        placed = by_position(pair)
        both = [name for name in pair.old.rows if name in pair.new.rows]
        self.true += len(pair.changes)
        self.told += len(told)
        self.right += len(told & pair.changes)
        self.by_position += len(placed)
        self.by_position_right += len(placed & pair.changes)
        self.unchanged += len(pair.unchanged)
        self.unchanged_told_changed += sum("changed" in sorts.get(name, ()) for name in pair.unchanged)
        self.in_both += len(both)
        self.in_both_told_lone += sum(bool({"dropped", "new"} & sorts.get(name, set())) for name in both)


def by_position(pair: BudgetPair) -> set[Told]:
    """What a reader gets who lays the first column beside the first, and so on."""
    old, new = (
        {line.split("\t")[0]: line.split("\t")[1:] for line in text_of(side).split("\n")}
        for side in (pair.old, pair.new)
    )
    return {
        (name.lstrip("0123456789. "), before, after)
        for name, figures in old.items()
        for before, after in zip(figures, new.get(name, ()), strict=False)
        if before != after and before[:1].isdecimal()
    }


def budgets(seeds: int, drawn: int) -> None:
    """Tables with known changes: as text, and drawn with and without rules and read again."""
    ways: list[tuple[str, int]] = [("text", seeds), ("ruled", drawn), ("borderless", drawn)]
    print(
        "\nTables of budgets: figures told / true changes, right; by position; unchanged; torn or moved rows"
    )
    for way, count in ways:
        for kind in HEADINGS:
            score = BudgetScore()
            for seed in range(count):
                pair = budget_pair(kind, seed)
                score.add(pair, compare(*(budget_edition(pair, side, way) for side in ("old", "new"))))
            print(
                f"    {way}, {kind}: {score.told} / {score.true}, {score.right} right;"
                f" {score.by_position_right} right of {score.by_position} by position;"
                f" {score.unchanged_told_changed} of {score.unchanged} unchanged rows told as changed;"
                f" {score.in_both_told_lone} of {score.in_both} rows of both told as dropped or new"
            )


def budget_edition(pair: BudgetPair, side: Literal["old", "new"], way: str) -> Edition:
    table = pair.old if side == "old" else pair.new
    if way == "text":
        caption: Said = ("heading", "nl", table.caption)
        return read_edition([make_page(1, [caption, ("table", "nl", text_of(table))])], "nl")
    drawing: Drawing = "ruled" if way == "ruled" else "borderless"
    with tempfile.TemporaryDirectory() as folder:
        draw_tables(Path(folder, "budget.pdf"), [table], drawing)
        return read(Path(folder, "budget.pdf"), "nl")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seeds", type=int, default=200, help="texts with known edits")
    arguments = parser.parse_args()
    compared = {}
    for pair in PAIRS:
        if pair.old.exists() and pair.new.exists():
            compared[pair.name] = measure(pair)
        else:
            print(f"{pair.name}: not here")
    judge(compared)
    judge_figures(compared)
    known_edits(arguments.seeds)
    budgets(arguments.seeds, arguments.seeds // 20)


if __name__ == "__main__":
    main()
