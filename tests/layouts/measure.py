"""How true a reading is to what was set: words, order, blocks, tables, hyphens.

Every word that was read is given its place in the pieces of the truth: of all ways to do so the one in which
most words follow the word that precedes them in their piece.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from archive.records import BlockKind, Box, Page
from tests.layouts.truth import Piece, Truth

Place = tuple[int, int]
"""Number of a piece of the truth, and of a word in it."""

_LEADER = re.compile(r"[._…]{3,}|[._…]+")
_CUT = "-‐\u00ad/–"
"""What ends a line within a word."""
_FIGURE = re.compile(r"\d{1,3}")
_JUMP, _NEAR_JUMP, _UNKNOWN = 1.0, 0.7, 0.6
"""What it costs that a word does not follow the one before, that it is at least in the same list, table or
paragraph, and that it is in no piece."""
_ALSO_MIXED = 2
"""Words in a row of a second group, from which a block mixes two."""


@dataclass(frozen=True)
class ReadWord:
    """A word as it was read."""

    text: str
    page: int
    block: int
    """Number in the document."""
    kind: BlockKind
    boxes: tuple[Box, ...]
    is_last: bool
    """Of its block."""
    is_first: bool


@dataclass
class Findings:
    """What was counted in a document, and what went wrong in words."""

    words: int = 0
    lost: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    pairs: int = 0
    torn: list[str] = field(default_factory=list)
    """Pairs of neighbours that are none in the reading."""
    blocks: int = 0
    mixed: list[str] = field(default_factory=list)
    split: list[str] = field(default_factory=list)
    """Pieces that are in two blocks though no column ends between them."""
    tables: int = 0
    false_tables: list[str] = field(default_factory=list)
    missed_tables: list[str] = field(default_factory=list)
    broken: int = 0
    """Words broken at line ends."""
    hyphens: list[str] = field(default_factory=list)
    """Those read otherwise than they are written."""
    quotations: int = 0
    denied: list[str] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    """Altered quotations that were called verbatim."""

    @property
    def faults(self) -> dict[str, list[str]]:
        """What went wrong, by its name."""
        return {name: each for name, each in vars(self).items() if isinstance(each, list)}

    def add(self, other: "Findings") -> None:
        """Count another document too."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


@dataclass(frozen=True)
class Break:
    """A piece that runs on over the end of a page or column: the number of the first word after it."""

    piece: int
    word: int


def key(word: str) -> str:
    """What a word has in common with itself however it was broken at a line end."""
    plain = unicodedata.normalize("NFKD", word)
    return "".join(
        letter for letter in plain if not unicodedata.combining(letter) and letter not in "-‐\u00ad"
    )


def same(word: str) -> str:
    """A word without what a reader may write otherwise, such as raised figures."""
    return unicodedata.normalize("NFKC", word)


def words_of(pages: Sequence[Page]) -> list[ReadWord]:
    """The words of a reading, those broken over the end of a page as one, without leaders of dots."""
    found: list[ReadWord] = []
    block = 0
    for page in pages:
        for passage in page.blocks:
            block += 1
            words = [word for word in passage.words if not _LEADER.fullmatch(word.text)]
            for number, word in enumerate(words):
                is_first, is_last = number == 0, number == len(words) - 1
                found.append(
                    ReadWord(word.text, page.number, block, passage.kind, word.boxes, is_last, is_first)
                )
    return found


class Reading:
    """A reading of a document beside its truth."""

    def __init__(self, pages: Sequence[Page], truth: Truth) -> None:
        self.truth = truth
        self.words = _with_page_ends(words_of(pages), truth)
        if truth.has_line_numbers:
            self.words = [word for word in self.words if not _is_line_number(word)]
        self.places = _placed([key(word.text) for word in self.words], truth)

    def findings(self) -> Findings:
        """What is right and wrong in it, but for quotations."""
        found = Findings()
        self._count_words(found)
        self._count_pairs(found)
        self._count_blocks(found)
        return found

    def breaks(self) -> list[Break]:
        """Where pieces of running text were read over the end of a page or column."""
        at = self._by_place()
        return [
            Break(number, word)
            for number, piece in enumerate(self.truth.pieces)
            if piece.role == "text"
            for word in range(1, len(piece.words))
            if (before := at.get((number, word - 1))) is not None
            and (after := at.get((number, word))) is not None
            and self._is_break(self.words[before], self.words[after])
        ]

    def _counts(self, word: str, piece: Piece) -> bool:
        """Whether a word is to be read: not so leaders, nor page numbers beside those of lines."""
        is_set_aside = self.truth.has_line_numbers and piece.role == "label" and _FIGURE.fullmatch(word)
        return not _LEADER.fullmatch(word) and not is_set_aside

    def _by_place(self) -> dict[Place, int]:
        """By the place in the truth, the number of the word that was read there."""
        return {place: number for number, place in reversed(list(enumerate(self.places))) if place}

    def _count_words(self, found: Findings) -> None:
        truth = Counter(
            same(word) for piece in self.truth.pieces for word in piece.words if self._counts(word, piece)
        )
        read = Counter(same(word.text) for word in self.words)
        found.words = truth.total()
        lost, invented = (truth - read).elements(), (read - truth).elements()
        found.lost, found.invented = list(lost), list(invented)
        unread = defaultdict(list)
        for word in found.lost:
            unread[key(word)].append(word)
        for word in list(found.invented):  # wrong in its hyphen only
            if unread[key(word)]:
                right = unread[key(word)].pop()
                found.lost.remove(right)
                found.invented.remove(word)
                found.hyphens.append(f"{right} read as {word}")
        found.broken = sum(len(word.boxes) > 1 for word in self.words) + len(found.hyphens)

    def _count_pairs(self, found: Findings) -> None:
        at = self._by_place()
        for number, piece in enumerate(self.truth.pieces):
            for word in range(1, len(piece.words)):
                before, after = at.get((number, word - 1)), at.get((number, word))
                found.pairs += 1
                if before is None or after is None:
                    continue  # lost, which is counted
                if after != before + 1 and not self._is_break(self.words[before], self.words[after]):
                    found.torn.append(
                        f"{piece.words[word - 1]} | {piece.words[word]} (page {self.words[before].page})"
                    )
                elif self._is_split(before, after, piece.role):
                    found.split.append(" ".join(piece.words[max(0, word - 4) : word + 4]))

    def _is_break(self, before: ReadWord, after: ReadWord) -> bool:
        """Whether a block ends with one word, and the next column or page begins with the other."""
        if not (before.is_last and after.is_first and before.block < after.block):
            return False
        is_next_column = bool(before.boxes and after.boxes) and (
            after.boxes[0][1] < before.boxes[-1][1] or after.boxes[0][0] > before.boxes[-1][2]
        )
        return after.page > before.page or (after.page == before.page and is_next_column)

    def _is_split(self, before: int, after: int, role: str) -> bool:
        one, other = self.words[before], self.words[after]
        return (
            role in ("text", "note", "aside") and one.block != other.block and not self._is_break(one, other)
        )

    def _count_blocks(self, found: Findings) -> None:
        blocks: dict[int, list[int]] = defaultdict(list)
        for number, word in enumerate(self.words):
            blocks[word.block].append(number)
        found.blocks = len(blocks)
        is_table: Counter[int] = Counter()
        cells = Counter(
            piece.group for piece in self.truth.pieces if piece.role == "cell" for _ in piece.words
        )
        for numbers in blocks.values():
            groups = list(self._groups(numbers))
            text = " ".join(self.words[number].text for number in numbers)
            if self.words[numbers[0]].kind == "table":
                roles = Counter(self._role(number) for number in numbers)
                if not roles["cell"] and not roles["form"]:
                    found.false_tables.append(text[:160])
                is_table.update(group for group, count in groups for _ in range(count))
            if len({group for group, _ in groups}) > 1:
                found.mixed.append(text[:300])
        found.tables = len(cells)
        found.missed_tables = [
            " ".join(" ".join(piece.words) for piece in self.truth.pieces if piece.group == group)
            for group, count in cells.items()
            if is_table[group] < 0.7 * count
        ]

    def _groups(self, numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
        """The groups of the truth that a block's words are of, each with how many stand in a row."""
        run: list[Place] = []
        for place in [*(place for number in numbers if (place := self.places[number])), None]:
            if run and (place is None or self._group(place) != self._group(run[-1])):
                whole = len(self.truth.pieces[run[-1][0]].words)
                follow = sum(one[0] == other[0] and one[1] + 1 == other[1] for one, other in pairwise(run))
                if follow + 1 >= min(whole, _ALSO_MIXED):
                    yield self._group(run[-1]), len(run)
                run = []
            if place:
                run.append(place)

    def _group(self, place: Place) -> int:
        return self.truth.pieces[place[0]].group

    def _role(self, number: int) -> str:
        place = self.places[number]
        return self.truth.pieces[place[0]].role if place else ""


def _is_line_number(word: ReadWord) -> bool:
    return word.kind == "running" and _FIGURE.fullmatch(word.text) is not None


def _with_page_ends(words: list[ReadWord], truth: Truth) -> list[ReadWord]:
    """The words, with those whose halves stand on two pages or in two columns as one."""
    known = Counter(key(word) for piece in truth.pieces for word in piece.words)
    read = Counter(key(word.text) for word in words)
    found = list(words)
    for first in [word for word in words if word.is_last and (word.text[-1:] in _CUT or "://" in word.text)]:
        if read[key(first.text)] <= known[key(first.text)]:
            continue  # a word that ends in a hyphen
        for second in [word for word in words if word.is_first]:
            is_later = first.page <= second.page <= first.page + 1 and second.block > first.block
            whole = key(first.text + second.text)
            if is_later and second in found and known[whole] > read[whole]:
                spelled = {key(word): word for piece in truth.pieces for word in piece.words}[whole]
                found[found.index(first)] = ReadWord(
                    spelled, first.page, first.block, first.kind, first.boxes, True, first.is_first
                )
                found.remove(second)
                place = next((n for n, word in enumerate(found) if word.block == second.block), None)
                if place is not None:
                    found[place] = ReadWord(
                        found[place].text,
                        second.page,
                        second.block,
                        second.kind,
                        found[place].boxes,
                        found[place].is_last,
                        True,
                    )
                break
    return found


def _placed(keys: Sequence[str], truth: Truth) -> list[Place | None]:
    """For each word that was read its place in the truth, or None."""
    where: dict[str, list[Place]] = defaultdict(list)
    for number, piece in enumerate(truth.pieces):
        for word, text in enumerate(piece.words):
            where[key(text)].append((number, word))
    best: dict[Place | None, float] = {None: 0.0}
    steps: list[dict[Place | None, Place | None]] = []
    for text in keys:
        cheapest = min(best, key=lambda place: best[place])
        least = best[cheapest]
        near: dict[int, Place] = {}
        for place in best:
            if place:
                group = truth.pieces[place[0]].group
                near[group] = min(place, near.get(group, place), key=lambda one: best[one])
        found: dict[Place | None, float] = {None: least + _UNKNOWN}
        came: dict[Place | None, Place | None] = {None: cheapest}
        for place in where.get(text, ()):
            before, sibling = (place[0], place[1] - 1), near.get(truth.pieces[place[0]].group)
            share = 1.0 if place[1] else 0.5  # pieces begin somewhere
            ways: list[tuple[float, Place | None]] = [(least + share * _JUMP, cheapest)]
            if sibling:
                ways.append((best[sibling] + share * _NEAR_JUMP, sibling))
            if before in best:
                ways.append((best[before], before))
            found[place], came[place] = min(ways, key=lambda way: way[0])
        if len(found) > 1:
            del found[None], came[None]
        best = found
        steps.append(came)
    places: list[Place | None] = []
    place = min(best, key=lambda place: best[place])
    for came in reversed(steps):
        places.append(place)
        place = came[place]
    return places[::-1]
