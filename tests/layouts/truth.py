"""What stands in a document that was set, whatever its layout: the pieces of its text, in reading order."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from archive.languages import Language
from tests.layouts.recipe import Element, Recipe

Role = Literal["text", "cell", "form", "note", "aside", "head", "label", "stamp"]
"""`aside` is a box or a note in the margin, `label` the number of a page, `head` a running head."""


@dataclass(frozen=True)
class Piece:
    """Words that follow each other: a paragraph, an item, a cell, a note."""

    words: tuple[str, ...]
    language: Language
    role: Role
    group: int
    """What may stand in one block with it: the items of a list, the cells of a table."""
    note_at: int = -1
    """Which of the words is the number of a footnote."""


@dataclass(frozen=True)
class Truth:
    """The pieces of a document."""

    pieces: tuple[Piece, ...]
    has_line_numbers: bool


def truth_of(recipe: Recipe, pages: int) -> Truth:
    """The pieces of a document that came to so many pages."""
    found = [
        *_of_elements(recipe),
        *(piece for page in range(1, pages + 1) for piece in _of_page(recipe, page)),
    ]
    return Truth(tuple(found), "line numbers" in recipe.features)


def marker(bullet: str, place: int) -> str:
    """What stands before an item of a list; `place` counts from 0."""
    romans = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")
    numbered = {"1.": str(place + 1), "(1)": str(place + 1), "1°": str(place + 1)}
    if bullet in numbered:
        return bullet.replace("1", numbered[bullet])
    return {"a)": f"{chr(97 + place)})", "i.": f"{romans[place]}."}.get(bullet, bullet)


def _of_elements(recipe: Recipe) -> Iterator[Piece]:
    group = notes = 0
    for element in recipe.elements:
        group += 1
        aside = element.note if "side notes" in recipe.features else ""
        note = element.note if "footnotes" in recipe.features else ""
        if element.kind == "paragraph":
            if aside:
                yield Piece(tuple(aside.split()), element.languages[0], "aside", -group)
            words = [sentence.split() for sentence in element.texts[0]]
            note_at = -1
            if note:
                notes += 1
                note_at = len(words[0])
                words[0].append(str(notes))
                yield Piece((str(notes), *note.split()), element.languages[0], "note", -group)
            yield Piece(tuple(chain.from_iterable(words)), element.languages[0], "text", group, note_at)
        else:
            yield from _of_others(element, group)
            group += len(element.texts)


def _of_others(element: Element, group: int) -> Iterator[Piece]:
    for place, row in enumerate(element.texts):
        language = element.languages[place % len(element.languages)]
        if element.kind == "one-line paragraphs":
            yield Piece(tuple(row[0].split()), language, "text", group + place)
        elif element.kind == "list":
            yield Piece((marker(element.style, place), *row[0].split()), language, "text", group)
        elif element.kind == "inset":
            yield Piece(tuple(" ".join(row).split()), language, "aside", group)
        elif element.kind == "table":
            yield from (Piece(tuple(cell.split()), language, "cell", group) for cell in row)
        elif element.kind == "form":
            yield from (Piece(tuple(part.split()), language, "form", group) for part in row if part)
        else:
            yield Piece(tuple(row[0].split()), language, "text", group)


def _of_page(recipe: Recipe, page: int) -> Iterator[Piece]:
    language = recipe.elements[0].languages[0] if recipe.elements else "nl"
    if head := recipe.heads[(page + 1) % 2]:
        yield Piece(tuple(head.split()), language, "head", -1000 - page)
    if recipe.label:
        yield Piece(tuple(recipe.label.format(page).split()), language, "label", -2000 - page)
    if "watermark" in recipe.features or ("stamp" in recipe.features and page == 1):
        yield Piece(tuple(recipe.stamp.split()), language, "stamp", -3000 - page)
