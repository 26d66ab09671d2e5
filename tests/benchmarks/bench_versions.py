"""Are two editions compared rightly, and how fast? Real pairs, judged by reading, and edits that are known.

    python tests/benchmarks/bench_versions.py [--seeds 200]

Prints for each pair what is told of it, the CPU time and memory of the comparison, as times those of difflib
over the same paragraphs and of git's word diff over the same text; how many of the rows that were judged by
reading (versions_verdicts.json) are right, by sort; and how often known edits to the demonstration texts are
named as what they are, beside difflib over the paragraphs.
"""

import argparse
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

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from archive.languages import Language  # noqa: E402 - found by the line above
from index.edition import Edition, read_edition  # noqa: E402
from index.versions import Comparison, Row, compare  # noqa: E402
from ingest.reading import read_document  # noqa: E402
from tests.known_edits import EDITS, Edit, Edited, edited  # noqa: E402
from tests.reading_room import Said, make_page  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus" / "plans"
DEMONSTRATION = ROOT / "archive" / "demonstration"
VERDICTS = Path(__file__).with_name("versions_verdicts.json")

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


def mark(found: Comparison, row: Row) -> str:
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
    known_edits(arguments.seeds)


if __name__ == "__main__":
    main()
