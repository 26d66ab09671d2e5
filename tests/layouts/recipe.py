"""A document that is to be set: what is said in it, and in which layout. Drawn at random, reduced by cutting.

A recipe is all that a document depends on. The same seed gives the same recipe, and the same recipe the same
document and the same truth.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from archive.languages import Language
from tests.layouts.texts import Texts

Feature = Literal[
    "two columns",
    "three columns",
    "justified",
    "hyphenated",
    "insets",
    "gutter boxes",
    "side notes",
    "footnotes",
    "running heads",
    "page labels",
    "watermark",
    "stamp",
    "line numbers",
    "initials",
    "lists",
    "ruled tables",
    "half-ruled tables",
    "bare tables",
    "forms",
    "spaced headings",
    "bold lines",
    "two languages",
    "scan",
]
FEATURES: tuple[Feature, ...] = get_args(Feature)

ElementKind = Literal[
    "paragraph", "heading", "bold line", "one-line paragraphs", "list", "table", "form", "inset"
]

Engine = Literal["typst", "reportlab"]

BULLETS = ("•", "–", "-", "*", "■", "□", "☐", "☑", "✓", "→", "►", "○", "‣", "1.", "a)", "(1)", "1°", "i.")
STAMPS = (
    "ONTWERP",
    "CONFIDENTIEEL",
    "GOEDGEKEURD",
    "PROJET",
    "COPIE",
    "DRAFT",
    "ENTWURF",
    "NIET VERSPREIDEN",
)
_PLAIN_BULLETS = ("•", "–", "-", "*", "1.", "a)", "(1)", "1°", "i.")
_BY_TYPST: frozenset[Feature] = frozenset(
    {"hyphenated", "side notes", "footnotes", "ruled tables", "half-ruled tables", "bare tables"}
)
"""What only Typst sets."""
SIDE_NOTE, SIDE_NOTE_SIZE = 96.0, 0.8
"""Width in points of a note in the margin, and its size in that of the text."""
_BESIDE_BOXES = 17.0
"""Times the font size: in columns so wide there is room for text beside a box in the gutter."""
_LETTERS_PER_EM = 1.5
"""Of a word in a narrow place that surely has room there."""
_DRAWN = 0.2
"""Part of the documents that reportlab sets."""
_CHANCE = 0.22
"""That a document has a feature."""
_WIDEST_TEXT = 500.0
"""Points, of all columns of an upright page together; a page that lies has half as much again."""


@dataclass(frozen=True)
class Element:
    """Something that stands in the text. What its texts are depends on its kind: the sentences of a
    paragraph or box; one of a heading; the items of a list; rows of cells; pairs of label and value."""

    kind: ElementKind
    languages: tuple[Language, ...]
    """Of the texts, in turn."""
    texts: tuple[tuple[str, ...], ...]
    style: str = ""
    """The bullet of a list, the rules of a table, the lines of a form, where a box stands."""
    note: str = ""
    """A footnote to the first sentence, or what stands beside the paragraph."""
    has_initial: bool = False
    feature: Feature | None = None
    """The one that it is there for."""


@dataclass(frozen=True)
class Recipe:
    """A document: its layout in points, and its elements in reading order."""

    name: str
    engine: Engine
    features: frozenset[Feature]
    columns: int
    width: float
    """Of a column."""
    gutter: float
    margin: float
    page_height: float
    size: float
    leading: float
    """Times the size, between baselines."""
    is_indented: bool
    """Paragraphs begin with an indent, not with white above them."""
    font: str
    elements: tuple[Element, ...]
    heads: tuple[str, str] = ("", "")
    """Of pages with odd and with even numbers."""
    label: str = ""
    """How the number of a page is printed, {} in its place."""
    stamp: str = ""
    stamp_angle: int = 0
    scan_turn: int = 0
    """Degrees clockwise."""

    @property
    def page_width(self) -> float:
        return self.columns * self.width + (self.columns - 1) * self.gutter + 2 * self.margin

    def without(self, feature: Feature) -> "Recipe":
        """The same document without what a feature brings into it."""
        left = self.features - {feature}
        elements = tuple(element for element in self.elements if element.feature != feature)
        if feature in ("footnotes", "side notes"):
            elements = tuple(replace(element, note="") for element in elements)
        if feature == "initials":
            elements = tuple(replace(element, has_initial=False) for element in elements)
        columns = 1 if feature in ("two columns", "three columns") else self.columns
        return replace(self, features=left, elements=elements, columns=columns)


def draw_recipe(seed: str, allowed: frozenset[Feature], wanted: frozenset[Feature] = frozenset()) -> Recipe:
    """A document of two to four pages with some of the features allowed, those wanted among them."""
    draw = random.Random(seed)
    features = {feature for feature in FEATURES if feature in allowed and draw.random() < _chance(feature)}
    features |= wanted
    engine: Engine = "reportlab" if draw.random() < _DRAWN and not wanted & _BY_TYPST else "typst"
    if "gutter boxes" in features:
        engine = "reportlab"
    if engine == "reportlab":
        features -= _BY_TYPST
    _settle(features, draw)
    columns = 3 if "three columns" in features else 2 if "two columns" in features else 1
    gutter = 36.0 if "line numbers" in features else draw.choice([12.0, 15.0, 18.0, 24.0])
    is_lying = columns > 1 and draw.random() < 0.2
    widest = ((1.5 if is_lying else 1) * _WIDEST_TEXT - (columns - 1) * gutter) / columns
    margin = 130.0 if "side notes" in features else draw.choice([45.0, 60.0, 75.0])
    if "side notes" in features:
        widest = min(widest, 360.0)
    width = round(draw.uniform(130 if columns > 1 else 200, min(480.0, widest)), 1)
    size = draw.choice([8, 8.5, 9, 9.5, 10, 10.5, 11, 12])
    if "gutter boxes" in features:
        width = max(width, _BESIDE_BOXES * size)
    language: Language = draw.choice(["nl", "nl", "fr", "fr", "en", "de"])
    bullets = _PLAIN_BULLETS if engine == "reportlab" else BULLETS
    longest = 99 if "hyphenated" in features else int(1.7 * width / size)  # what fits a line
    writer = _Writer(draw, Texts(draw, longest), language, frozenset(features), width, size, bullets)
    label = draw.choice(["{}", "– {} –", "- {} -", "Blz. {}", "Page {}", "{} / 9"])
    return Recipe(
        name=seed,
        engine=engine,
        features=frozenset(features),
        columns=columns,
        width=width,
        gutter=gutter,
        margin=margin,
        page_height=draw.choice([520.0, 600.0, 680.0, 842.0]),
        size=size,
        leading=draw.choice([1.15, 1.2, 1.3, 1.45]),
        is_indented=draw.random() < 0.3,
        font=draw.choice(["Libertinus Serif", "New Computer Modern"]),
        elements=writer.elements(_words_of(columns, width, size)),
        heads=writer.heads() if "running heads" in features else ("", ""),
        label=label if "page labels" in features else "",
        stamp=draw.choice(STAMPS),
        stamp_angle=draw.choice([-60, -45, -30, -12, 8, 20, 45, 55, 90]),
        scan_turn=draw.choice([0, 90, 180, 270]) if "scan" in features else 0,
    )


def _chance(feature: Feature) -> float:
    return {"justified": 0.6, "hyphenated": 0.6, "two columns": 0.4, "gutter boxes": 0.06, "scan": 0.01}.get(
        feature, _CHANCE
    )


def _settle(features: set[Feature], draw: random.Random) -> None:
    """Take out features that cannot be had together."""
    for one, other in (
        ("two columns", "three columns"),
        ("side notes", "footnotes"),
        ("side notes", "two columns"),
        ("side notes", "three columns"),
        ("watermark", "stamp"),
        ("line numbers", "gutter boxes"),
        ("line numbers", "side notes"),
        ("scan", "watermark"),
        ("scan", "stamp"),
    ):
        if one in features and other in features:
            features.discard(draw.choice([one, other]))
    if "gutter boxes" in features and not features & {"two columns", "three columns"}:
        features.add("two columns")
        features.discard("side notes")


def _words_of(columns: int, width: float, size: float) -> int:
    """Words of two to four pages, about."""
    return int(1.6 * columns * width * 600 / (2.9 * size * 1.35 * size) * 0.6)


class _Writer:
    """Writes the elements of a document."""

    def __init__(
        self,
        draw: random.Random,
        texts: Texts,
        language: Language,
        features: frozenset[Feature],
        width: float,
        size: float,
        bullets: Sequence[str],
    ) -> None:
        self._draw = draw
        self._language = language
        self._texts = texts
        self._features = features
        self._size = size
        self._ems = width / size
        """Width of a column in font sizes."""
        self._bullets = bullets

    def heads(self) -> tuple[str, str]:
        return self._texts.heading(self._language), self._texts.heading(self._language)

    def elements(self, words: int) -> tuple[Element, ...]:
        """Elements of about so many words, at least one for each feature."""
        due = [feature for feature in FEATURES if feature in self._features and feature in _MAKERS]
        self._draw.shuffle(due)
        found: list[Element] = []
        while words > 0 or due:
            if due and self._draw.random() < 0.4:
                made = [_MAKERS[due.pop()](self)]
            elif self._draw.random() < 0.15:
                made = [self._heading()]
            else:
                made = [self.paragraph()]
            if made[0].kind in ("heading", "bold line", "list", "table", "form", "inset"):
                made.append(self.paragraph())
            found += made
            words -= sum(len(text.split()) for element in made for row in element.texts for text in row)
        return tuple(found)

    def paragraph(self) -> Element:
        count = self._draw.choice([1, 2, 2, 3, 3, 4, 5, 6])
        sentences = tuple(self._texts.sentence(self._language) for _ in range(count))
        note = ""
        if "footnotes" in self._features and self._draw.random() < 0.35:
            length = self._draw.choice([1, 1, 2, 8])
            note = " ".join(self._texts.sentence(self._language) for _ in range(length))
        elif "side notes" in self._features and count > 2 and self._draw.random() < 0.5:
            longest = int(_LETTERS_PER_EM * SIDE_NOTE / (SIDE_NOTE_SIZE * self._size))
            note = self._texts.label(self._language, longest)
            note = self._texts.heading(self._language, longest) if self._draw.random() < 0.5 else note
        has_initial = "initials" in self._features and count > 3 and self._draw.random() < 0.6
        return Element(
            "paragraph", (self._language,), (sentences,), note=note, has_initial=has_initial and not note
        )

    def _heading(self) -> Element:
        text = self._texts.heading(self._language, int(self._ems))
        return Element("heading", (self._language,), ((text,),))

    def spaced_heading(self) -> Element:
        text = self._texts.heading(self._language, int(self._ems / 1.35))
        return Element("heading", (self._language,), ((text,),), "spaced", feature="spaced headings")

    def bold_line(self) -> Element:
        text = self._texts.heading(self._language)
        return Element("bold line", (self._language,), ((text,),), feature="bold lines")

    def two_languages(self) -> Element:
        texts = []
        for place in range(2 * self._draw.randrange(2, 5)):
            texts.append((self._texts.short("nl" if place % 2 == 0 else "fr"),))
        return Element("one-line paragraphs", ("nl", "fr"), tuple(texts), feature="two languages")

    def list(self) -> Element:
        items = []
        for _ in range(self._draw.randrange(3, 7)):
            count = self._draw.choice([1, 1, 2])
            items.append((" ".join(self._texts.sentence(self._language) for _ in range(count)),))
        bullet = self._draw.choice(self._bullets)
        return Element("list", (self._language,), tuple(items), bullet, feature="lists")

    def inset(self) -> Element:
        sentences = tuple(self._texts.sentence(self._language) for _ in range(self._draw.choice([1, 2, 3])))
        style = self._draw.choice(["framed", "shaded", "top", "bottom"])
        return Element("inset", (self._language,), (sentences,), style, feature="insets")

    def gutter_box(self) -> Element:
        sentences = tuple(self._texts.sentence(self._language) for _ in range(self._draw.choice([1, 2])))
        style = self._draw.choice(["gutter framed", "gutter white"])
        return Element("inset", (self._language,), (sentences,), style, feature="gutter boxes")

    def table(self, feature: Feature) -> Element:
        columns = self._draw.randrange(2, max(2, min(5, int(self._ems / 9))) + 1)
        longest = int(_LETTERS_PER_EM * (self._ems / columns - 1))
        rows = [tuple(self._texts.label(self._language, longest) for _ in range(columns))]
        is_text = self._draw.random() < 0.4 and self._ems > 9 * columns + 12
        for _ in range(self._draw.randrange(3, 8)):
            label = self._texts.label(self._language, longest)
            first = self._texts.heading(self._language, longest) if is_text else label
            rows.append((first, *(self._texts.figure() for _ in range(columns - 1))))
        return Element("table", (self._language,), tuple(rows), feature.split()[0], feature=feature)

    def form(self) -> Element:
        rows = []
        for _ in range(self._draw.randrange(3, 7)):
            value = self._draw.choice([self._texts.figure(), self._texts.label(self._language), ""])
            rows.append((f"{self._texts.label(self._language)}:", value))
        style = self._draw.choice(["line", "dots", "underscores"])
        return Element("form", (self._language,), tuple(rows), style, feature="forms")


_MAKERS = {
    "spaced headings": _Writer.spaced_heading,
    "bold lines": _Writer.bold_line,
    "two languages": _Writer.two_languages,
    "lists": _Writer.list,
    "insets": _Writer.inset,
    "gutter boxes": _Writer.gutter_box,
    "ruled tables": lambda writer: writer.table("ruled tables"),
    "half-ruled tables": lambda writer: writer.table("half-ruled tables"),
    "bare tables": lambda writer: writer.table("bare tables"),
    "forms": _Writer.form,
}
