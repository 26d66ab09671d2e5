"""A text of the demonstration collection, and edits to it that a comparison has to find."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Literal

from index.quotation.differences import is_number

TEXTS = Path(__file__).parents[2] / "archive" / "demonstration" / "texts"

EditKind = Literal["delete", "insert", "move", "number", "words", "split", "merge"]
EDITS: tuple[EditKind, ...] = ("delete", "insert", "move", "number", "words", "split", "merge")

_MARKUP = re.compile(r"[#*_~\\]")
_NUMBER = re.compile(r"(?<=[a-z] )\d+(?= [a-z])")
_SENTENCE_END = re.compile(r"(?<=[a-zé]{3}\.) (?=[A-ZÉÀ])")


@cache
def paragraphs(language: str) -> tuple[str, ...]:
    """The paragraphs of all demonstration texts in a language; none of them twice."""
    found = []
    for file in sorted(TEXTS.glob(f"*-{language}.typ")):
        for block in file.read_text().split("\n\n"):
            text = " ".join(block.split()).replace("~", " ")
            if len(text.split()) >= 15 and text[0].isupper() and not _MARKUP.search(text):
                found.append(text)
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Edit:
    """What was done: the paragraphs of the older and of the newer text that it touches."""

    kind: EditKind
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True)
class Edited:
    """A text before and after, and what was done to it."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    edits: tuple[Edit, ...]


def edited(language: str, kinds: list[EditKind], seed: int) -> Edited:
    """A text with one edit of each kind given, where its paragraphs lend themselves to it, all apart."""
    draw = Random(seed)
    pool = list(paragraphs(language))
    draw.shuffle(pool)
    spare, old = pool[: len(kinds)], pool[len(kinds) :][:40]
    new: list[str | None] = list(old)
    edits = []
    places = list(range(1, len(old) - 2, 4))
    draw.shuffle(places)
    moves = []
    for kind in kinds:
        place = next((each for each in places if _fits(kind, old[each], each)), None)
        if place is None:
            continue
        places.remove(place)
        text, after = old[place], old[place + 1]
        if kind == "delete":
            new[place] = None
            edits.append(Edit(kind, (text,), ()))
        elif kind == "insert":
            new[place] = f"{text}\n{spare[-1]}"
            edits.append(Edit(kind, (), (spare.pop(),)))
        elif kind == "move":
            new[place] = None
            moves.append(text)
            edits.append(Edit(kind, (text,), (text,)))
        elif kind == "number":
            new[place] = _NUMBER.sub(lambda found: str(int(found[0]) + 7), text, count=1)
            edits.append(Edit(kind, (text,), (str(new[place]),)))
        elif kind == "words":
            words = text.split()
            middle = next(
                each for each in range(len(words) // 3, len(words)) if _is_plain(words[each : each + 2])
            )
            words[middle : middle + 2] = ["zeppelin", "kaneel"]
            new[place] = " ".join(words)
            edits.append(Edit(kind, (text,), (str(new[place]),)))
        elif kind == "split":
            parts = _halves(text)
            new[place] = "\n".join(parts)
            edits.append(Edit(kind, (text,), parts))
        else:
            new[place], new[place + 1] = f"{text} {after}", None
            edits.append(Edit(kind, (text, after), (str(new[place]),)))
    whole = [text for piece in new if piece is not None for text in piece.split("\n")]
    return Edited(
        tuple(old), (*moves, *whole) if moves and draw.random() < 0.5 else (*whole, *moves), tuple(edits)
    )


def _is_plain(words: list[str]) -> bool:
    return all(word.isalpha() and not is_number(word.lower()) for word in words)


def _fits(kind: EditKind, text: str, place: int) -> bool:
    if kind == "move":
        return 9 <= place <= 29  # over so much text that there is no doubt what moved
    if kind == "number":
        return bool(_NUMBER.search(text))
    return kind != "split" or len(_halves(text)) == 2


def _halves(text: str) -> tuple[str, ...]:
    """The text in two, at a sentence's end; or as it is, where a half would be short."""
    for end in _SENTENCE_END.finditer(text):
        halves = text[: end.start()], text[end.end() :]
        if min(len(half.split()) for half in halves) >= 10:
            return halves
    return (text,)
