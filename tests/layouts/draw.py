"""Set a recipe with reportlab, line by line: text that runs around initials and around boxes in the gutter.

Lines are filled word by word, without hyphens but those of the words, and justified by wider spaces.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import NamedTuple

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from tests.layouts.recipe import Element, Recipe
from tests.layouts.truth import marker

_EDGE = 62.0
"""Points of white above and below the text."""
_AROUND_BOX = 9.0
"""Points of white on each side of a box."""
_WORDS_BESIDE_BOX = 5
"""Each of the next words has to have room beside a box, or else the text goes on below it."""


class _Box(NamedTuple):
    """What text runs around, in points from the top left of the page."""

    x0: float
    top: float
    x1: float
    bottom: float


class _Style(NamedTuple):
    font: str
    size: float
    spacing: float = 0.0
    """Points between letters."""

    def width(self, text: str) -> float:
        return float(stringWidth(text, self.font, self.size)) + self.spacing * len(text)


def set_by_reportlab(recipe: Recipe) -> bytes:
    """The document as PDF; the same recipe gives the same bytes."""
    file = BytesIO()
    _Setter(recipe, Canvas(file, (recipe.page_width, recipe.page_height), invariant=True)).set()
    return file.getvalue()


class _Setter:
    """Sets the elements of a document one below the other."""

    def __init__(self, recipe: Recipe, canvas: Canvas) -> None:
        self._recipe, self._canvas = recipe, canvas
        roman, bold = ("Times-Roman", "Times-Bold")
        if recipe.font != "Libertinus Serif":
            roman, bold = "Helvetica", "Helvetica-Bold"
        self._roman, self._bold = _Style(roman, recipe.size), _Style(bold, recipe.size)
        self._pitch = recipe.leading * recipe.size
        self._page, self._column, self._y = 1, 0, _EDGE
        self._lines = 0
        self._boxes: list[_Box] = []

    def set(self) -> None:
        """Set everything."""
        flow = [element for element in self._recipe.elements if not element.style.startswith("gutter")]
        for box in (each for each in self._recipe.elements if each.style.startswith("gutter")):
            self._gutter_box(box)
        for number, element in enumerate(flow):
            if number and (not self._recipe.is_indented or element.kind != "paragraph"):
                self._y += 0.6 * self._recipe.size
            self._element(element)
        self._end_page()
        self._canvas.save()

    def _element(self, element: Element) -> None:
        if element.kind == "paragraph":
            self._paragraph(element)
        elif element.kind in ("heading", "bold line"):
            size = self._recipe.size * (1.25 if element.kind == "heading" else 1)
            spacing = 0.25 * size if element.style == "spaced" else 0.0
            if self._y + 4 * self._pitch > self._recipe.page_height - _EDGE:
                self._next_column()
            self._run(
                element.texts[0][0].split(), self._bold._replace(size=size, spacing=spacing), is_even=False
            )
        elif element.kind == "one-line paragraphs":
            for row in element.texts:
                self._run(row[0].split(), self._roman)
        elif element.kind == "list":
            for place, row in enumerate(element.texts):
                self._item(marker(element.style, place), row[0].split())
        elif element.kind == "form":
            for row in element.texts:
                self._field(*row, element.style)
        else:
            self._inset(element)

    def _paragraph(self, element: Element) -> None:
        words = " ".join(element.texts[0]).split()
        if not element.has_initial:
            indent = 1.2 * self._recipe.size if self._recipe.is_indented else 0.0
            self._run(words, self._roman, indent=indent)
            return
        lines = 2 + len(element.texts[0]) % 2
        if self._y + (lines + 1) * self._pitch > self._recipe.page_height - _EDGE:
            self._next_column()
        while self._is_beside_box():  # nobody sets an initial away from its word
            self._y += self._pitch
        first = _plain(words[0])[0]
        x0, _ = self._column_edges()
        size = ((lines - 1) * self._pitch + 0.7 * self._recipe.size) / 0.7
        style = self._bold._replace(size=size)
        baseline = self._y + self._recipe.size + (lines - 1) * self._pitch
        self._put(first, x0, baseline, style)
        self._boxes.append(_Box(x0 - 20, self._y, x0 + style.width(first) + 2, baseline + 1))
        self._run([word for word in (words[0][1:], *words[1:]) if word], self._roman)

    def _item(self, bullet: str, words: Sequence[str]) -> None:
        """An item of a list, its bullet before the first line."""
        inset = 1.8 * self._recipe.size
        if self._y + self._pitch > self._recipe.page_height - _EDGE:
            self._next_column()
        x0, _ = self._free(self._column_edges())
        self._put(bullet, x0, self._y + self._recipe.size, self._roman)
        self._run(words, self._roman, inset=inset)

    def _field(self, label: str, value: str, style: str) -> None:
        """A line of a form, below a box that leaves no room for it."""
        needed = self._roman.width(label) + self._roman.width(value) + 12
        if self._y + self._pitch > self._recipe.page_height - _EDGE:
            self._next_column()
        while self._is_beside_box() and _width(self._free(self._column_edges())) < needed:
            self._y += self._pitch
        x0, x1 = self._free(self._column_edges())
        self._y += self._pitch
        self._put(label, x0, self._y, self._roman)
        start = x0 + self._roman.width(label) + 4
        if style == "line":
            self._canvas.line(start, self._up(self._y + 2), x1, self._up(self._y + 2))
        else:
            sign = "." if style == "dots" else "_"
            self._put(sign * int((x1 - start) / self._roman.width(sign)), start, self._y, self._roman)
        self._put(value, start + 4, self._y - 0.12 * self._recipe.size, self._roman)

    def _inset(self, element: Element) -> None:
        """A box as wide as the column."""
        words = " ".join(element.texts[0]).split()
        x0, x1 = self._column_edges()
        lines = list(_filled(words, self._roman, x1 - x0 - 16))
        height = len(lines) * self._pitch + 14
        if self._y + height > self._recipe.page_height - _EDGE:
            self._next_column()
        while self._is_above_end_of_box():
            self._next_column()
        x0, x1 = self._column_edges()
        self._boxed(lines, _Box(x0, self._y + 2, x1, self._y + height), element.style != "shaded")
        self._y += height + 4

    def _gutter_box(self, element: Element) -> None:
        """A box across the first gutter of the first page, white or with a frame."""
        words = " ".join(element.texts[0]).split()
        x0, x1 = self._column_edges()
        middle = x1 + self._recipe.gutter / 2
        half = 0.42 * (x1 - x0)
        lines = list(_filled(words, self._bold, 2 * half - 12))
        height = len(lines) * self._pitch + 12
        top = _EDGE + 0.35 * (self._recipe.page_height - 2 * _EDGE)
        box = _Box(middle - half, top, middle + half, top + height)
        self._boxed(lines, box, element.style == "gutter framed", self._bold)
        self._boxes.append(
            _Box(box.x0 - _AROUND_BOX, top - _AROUND_BOX, box.x1 + _AROUND_BOX, box.bottom + _AROUND_BOX)
        )

    def _boxed(
        self, lines: Sequence[Sequence[str]], box: _Box, is_framed: bool, style: _Style | None = None
    ) -> None:
        if is_framed:
            self._canvas.rect(box.x0, self._up(box.bottom), box.x1 - box.x0, box.bottom - box.top)
        for number, line in enumerate(lines):
            baseline = box.top + 4 + number * self._pitch + self._recipe.size
            self._put(" ".join(line), box.x0 + 6, baseline, style or self._roman)

    def _run(
        self,
        words: Sequence[str],
        style: _Style,
        *,
        indent: float = 0.0,
        inset: float = 0.0,
        is_even: bool = True,
    ) -> None:
        """Set words from here on; the first line is indented, all are inset."""
        pitch = self._pitch * style.size / self._recipe.size
        left = list(words)
        while left:
            if self._y + pitch > self._recipe.page_height - _EDGE:
                self._next_column()
            x0, x1 = self._free(self._column_edges())
            x0 += inset + (indent if len(left) == len(words) else 0)
            if x1 - x0 < self._recipe.width / 1.2 and x1 - x0 < max(
                style.width(_plain(word)) for word in left[:_WORDS_BESIDE_BOX]
            ):
                self._y += pitch
                continue
            line = next(_filled(left, style, x1 - x0))
            left = left[len(line) :]
            baseline = self._y + style.size
            is_justified = is_even and bool(left) and "justified" in self._recipe.features
            self._line(line, x0, x1 if is_justified else None, baseline, style)
            self._y += pitch

    def _line(
        self, words: Sequence[str], x0: float, x1: float | None, baseline: float, style: _Style
    ) -> None:
        text = " ".join(words)
        space = 0.0 if x1 is None or len(words) < 2 else (x1 - x0 - style.width(text)) / (len(words) - 1)
        self._put(text, x0, baseline, style, space)
        self._lines += 1
        step = 5 if len(self._recipe.elements) % 2 else 1
        if "line numbers" in self._recipe.features and self._lines % step == 0:
            edge, _ = self._column_edges()
            number = self._roman._replace(size=6)
            self._put(str(self._lines), edge - 4 - number.width(str(self._lines)), baseline, number)

    def _put(self, text: str, x: float, baseline: float, style: _Style, space: float = 0.0) -> None:
        run = self._canvas.beginText(x, self._up(baseline))
        run.setFont(style.font, style.size)
        run.setCharSpace(style.spacing)
        run.setWordSpace(space)
        run.textOut(_plain(text))
        self._canvas.drawText(run)

    def _free(self, column: tuple[float, float]) -> tuple[float, float]:
        """What a column has left of a line beside boxes."""
        x0, x1 = column
        for box in self._boxes:
            if box.top < self._y + self._pitch and self._y < box.bottom and box.x0 < x1 and x0 < box.x1:
                if box.x0 <= x0:
                    x0 = box.x1
                else:
                    x1 = box.x0
        return x0, x1

    def _is_beside_box(self) -> bool:
        """Whether a box takes of the width of the next line."""
        return self._free(self._column_edges()) != self._column_edges()

    def _is_above_end_of_box(self) -> bool:
        """Whether a box stands in this column that does not end above the next line."""
        x0, x1 = self._column_edges()
        return any(box.x0 < x1 and x0 < box.x1 and box.bottom > self._y for box in self._boxes)

    def _column_edges(self) -> tuple[float, float]:
        x0 = self._recipe.margin + self._column * (self._recipe.width + self._recipe.gutter)
        return x0, x0 + self._recipe.width

    def _up(self, y: float) -> float:
        return self._recipe.page_height - y

    def _next_column(self) -> None:
        self._y = _EDGE
        self._column += 1
        if self._column == self._recipe.columns:
            self._end_page()
            self._column = 0
            self._page += 1
            self._boxes = []

    def _end_page(self) -> None:
        """Running heads, the number of the page, and stamps."""
        recipe, canvas = self._recipe, self._canvas
        if head := recipe.heads[(self._page + 1) % 2]:
            self._put(head, recipe.margin, _EDGE - 25, self._roman)
        if recipe.label:
            label = recipe.label.format(self._page)
            self._put(label, recipe.page_width / 2, recipe.page_height - _EDGE + 30, self._roman)
        has_stamp = "stamp" in recipe.features and self._page == 1
        if "watermark" in recipe.features or has_stamp:
            canvas.saveState()
            canvas.translate(recipe.page_width / 2, recipe.page_height / 2)
            canvas.rotate(-recipe.stamp_angle)
            canvas.setFillGray(0.8)
            canvas.setFont("Helvetica-Bold", 15 if has_stamp else 50)
            canvas.drawCentredString(0, 0, recipe.stamp)
            canvas.restoreState()
        canvas.showPage()


def _width(edges: tuple[float, float]) -> float:
    return edges[1] - edges[0]


def _filled(words: Sequence[str], style: _Style, width: float) -> Iterator[list[str]]:
    """Words as lines of at most this width."""
    line: list[str] = []
    for word in words:
        if line and style.width(_plain(" ".join([*line, word]))) > width:
            yield line
            line = []
        line.append(word)
    yield line


def _plain(text: str) -> str:
    """A text in the signs that the standard fonts have."""
    return text.replace("₂", "2")
