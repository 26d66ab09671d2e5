"""Tables of budgets in two editions, drawn at random with known changes: what a comparison may tell of them.

Each table has headings of one sort (years, years over Baten, Lasten and Saldo, years under a group, headings
of two lines, dates of balances, tariffs, none but names), a unit, and rows of which some figures change, some
rows are new, dropped or stand elsewhere. The years move on between the editions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Literal

from reportlab.pdfgen.canvas import Canvas

HeadingKind = Literal["years", "spanning", "grouped", "two lines", "balance", "tariffs", "names"]
HEADINGS: tuple[HeadingKind, ...] = (
    "years",
    "spanning",
    "grouped",
    "two lines",
    "balance",
    "tariffs",
    "names",
)
Drawing = Literal["ruled", "borderless"]

_NAMES = (
    "Onderhoud van wegen en pleinen",
    "Openbare verlichting",
    "Riolering en waterzorg",
    "Jeugdhulp met verblijf",
    "Sport en beweging",
    "Bibliotheek en archief",
    "Onderwijshuisvesting",
    "Burgerzaken",
    "Brandweer en veiligheid",
    "Musea en theaters",
    "Groen en speelplaatsen",
    "Parkeren en verkeer",
    "Begraafplaatsen",
    "Milieu en klimaat",
)
_CAPTIONS = ("Overzicht per taakveld", "Raming van baten en lasten", "Begroting van de uitgaven")
_PROGRAMMES = (
    *(
        "veiligheid",
        "mobiliteit",
        "economie",
        "onderwijs",
        "cultuur",
        "zorg",
        "wonen",
        "energie",
        "water",
        "sport",
    ),
    *(
        "bestuur",
        "toerisme",
        "landbouw",
        "jeugd",
        "welzijn",
        "natuur",
        "haven",
        "erfgoed",
        "markten",
        "afval",
    ),
)
_UNITS = ("bedragen x € 1.000", "bedragen in €", "bedragen in miljoen euro")
_PARTS = ("Baten", "Lasten", "Saldo")


@dataclass(frozen=True)
class ColumnOf:
    """A column: the headings over it from top to bottom, and the year that its figures are of."""

    headings: tuple[str, ...]
    year: int | None

    @property
    def key(self) -> tuple[str, int | None]:
        """The same for columns that say the same in both editions."""
        return " ".join(sorted(" ".join(self.headings).replace(str(self.year), "").split())), self.year


@dataclass
class BudgetTable:
    """A table of one edition."""

    caption: str
    unit: str
    columns: list[ColumnOf]
    rows: dict[str, list[int]] = field(default_factory=dict)
    """The figures of each row, by its name."""
    numbering: dict[str, str] = field(default_factory=dict)
    group_spans: list[tuple[int, int]] = field(default_factory=list)
    """Of each heading of the first line, its first and last column, from 0."""


@dataclass(frozen=True)
class BudgetPair:
    """A table in two editions, and the figures that changed: name of the row, before, after."""

    kind: HeadingKind
    old: BudgetTable
    new: BudgetTable
    changes: frozenset[tuple[str, str, str]]
    unchanged: frozenset[str]
    """Rows of which no figure under a common heading changed, and that have one."""


def written(figure: int) -> str:
    """A figure as Dutch budgets write it."""
    return f"{figure:,}".replace(",", ".")


def budget_pair(kind: HeadingKind, seed: int) -> BudgetPair:
    """A table in two editions."""
    draw = Random(f"{kind} {seed}")
    first, step = draw.randint(2018, 2024), draw.choice((1, 1, 2, 3))
    unit = draw.choice(_UNITS)
    # The same table in other units says nothing of what changed.
    other_unit = unit if draw.random() < 0.85 else draw.choice([each for each in _UNITS if each != unit])
    caption = f"{draw.choice(_CAPTIONS)} van {_PROGRAMMES[seed % len(_PROGRAMMES)]}"
    old = BudgetTable(caption, unit, *_columns(kind, first, draw))
    new = BudgetTable(caption, other_unit, *_columns(kind, first + step, draw))
    names = draw.sample(_NAMES, draw.randint(5, 9))
    new_names = [name for name in names if draw.random() < 0.9]
    new_names += [name for name in draw.sample(_NAMES, 2) if name not in names]
    if draw.random() < 0.3:
        draw.shuffle(new_names)
    figures: dict[tuple[str, tuple[str, int | None]], int] = {}
    for name in names:
        old.rows[name] = [_figure(draw) for _ in old.columns]
        figures.update(((name, column.key), old.rows[name][n]) for n, column in enumerate(old.columns))
    for name in new_names:
        new.rows[name] = []
        for column in new.columns:
            before = figures.get((name, column.key))
            keeps = before is not None and draw.random() < 0.6
            new.rows[name].append(before if keeps and before is not None else _figure(draw))
    if draw.random() < 0.4:
        for table in (old, new):
            table.numbering = {name: f"{draw.randint(1, 9)}.{n}" for n, name in enumerate(table.rows, 1)}
    return BudgetPair(kind, old, new, *_truth(old, new))


def _truth(old: BudgetTable, new: BudgetTable) -> tuple[frozenset[tuple[str, str, str]], frozenset[str]]:
    changes, unchanged = set(), set()
    places = {column.key: number for number, column in enumerate(old.columns)}
    common = [
        (places[column.key], number) for number, column in enumerate(new.columns) if column.key in places
    ]
    for name, figures in new.rows.items():
        if name in old.rows and common and old.unit == new.unit:
            pairs = {(old.rows[name][left], figures[right]) for left, right in common}
            changed = {pair for pair in pairs if pair[0] != pair[1]}
            changes |= {(name, written(before), written(after)) for before, after in changed}
            if not changed and old.numbering.get(name) == new.numbering.get(name):
                unchanged.add(name)
    return frozenset(changes), frozenset(unchanged)


def _figure(draw: Random) -> int:
    return draw.choice((0, draw.randint(1, 999), draw.randint(1_000, 99_999)))


def _columns(kind: HeadingKind, first: int, draw: Random) -> tuple[list[ColumnOf]]:
    years = range(first, first + 3)
    made: dict[HeadingKind, list[ColumnOf]] = {
        "years": [ColumnOf((f"Begroting {year}",), year) for year in range(first, first + 4)],
        "spanning": [ColumnOf((f"Begroting {year}", part), year) for year in years for part in _PARTS],
        "grouped": [ColumnOf((part, str(year)), year) for part in _PARTS[:2] for year in years],
        "two lines": [
            ColumnOf(("Rekening" if year == first else "Begroting", str(year)), year) for year in years
        ],
        "balance": [ColumnOf((f"31-12-{year}",), year) for year in (first + 1, first)],
        "tariffs": [ColumnOf((f"tarief {year}",), year) for year in (first, first + 1)],
        "names": [ColumnOf((part,), None) for part in _PARTS],
    }
    return (made[kind],)


def lines_of(table: BudgetTable) -> list[list[str]]:
    """The rows of headings as cells: a heading that spans columns stands in the middle one."""
    depth = len(table.columns[0].headings)
    corner = f"Taakveld ({table.unit})"
    if depth == 1:
        return [[corner, *(column.headings[0] for column in table.columns)]]
    upper = [column.headings[0] for column in table.columns]
    lower = [column.headings[1] for column in table.columns]
    if len(set(lower)) == len(lower):
        return [["", *upper], [corner, *lower]]
    spanned = [""] * len(upper)
    for start, end in spans_of(table):
        spanned[(start + end) // 2] = upper[start]
    return [["", *spanned], [corner, *lower]]


def spans_of(table: BudgetTable) -> list[tuple[int, int]]:
    """The first and the last column, from 0, under each heading of the first of two lines."""
    upper = [column.headings[0] for column in table.columns]
    starts = [number for number, name in enumerate(upper) if not number or upper[number - 1] != name]
    return list(zip(starts, [*(start - 1 for start in starts[1:]), len(upper) - 1], strict=True))


def text_of(table: BudgetTable) -> str:
    """The table as the text of a passage."""
    rows = [
        [f"{table.numbering.get(name, '')} {name}".strip(), *map(written, figures)]
        for name, figures in table.rows.items()
    ]
    return "\n".join("\t".join(cells) for cells in [*lines_of(table), *rows])


def draw_tables(path: Path, tables: Sequence[BudgetTable], drawing: Drawing) -> None:
    """A PDF with a table on each page, below a paragraph and a caption."""
    canvas = Canvas(str(path), pagesize=(842, 595))
    for number, table in enumerate(tables, 1):
        canvas.setFont("Helvetica", 10)
        canvas.drawString(
            50, 540, "De gemeente legt in dit deel van het plan uit wat zij wil doen, en met welk geld."
        )
        canvas.setFont("Helvetica-Bold", 11)
        canvas.drawString(50, 505, f"Tabel {number}.1 - {table.caption}")
        _draw_table(canvas, table, 480, drawing)
        canvas.showPage()
    canvas.save()


def _draw_table(canvas: Canvas, table: BudgetTable, top: float, drawing: Drawing) -> None:
    line, left, first, width = 16, 50, 280, min(75, 500 / len(table.columns))
    heads = lines_of(table)
    rows = [
        [f"{table.numbering.get(name, '')} {name}".strip(), *map(written, figures)]
        for name, figures in table.rows.items()
    ]
    is_spanned = len(heads) == 2 and len(set(heads[1][1:])) < len(heads[1][1:])
    for number, cells in enumerate([*heads, *rows]):
        y = top - line * number
        canvas.setFont("Helvetica-Bold" if number < len(heads) else "Helvetica", 8)
        canvas.drawString(left, y, cells[0])
        if number == 0 and is_spanned:
            for start, end in spans_of(table):
                middle = first + width * (start + end + 1) / 2
                canvas.drawCentredString(middle, y, table.columns[start].headings[0])
        else:
            for place, cell in enumerate(cells[1:], 1):
                canvas.drawRightString(first + width * place - 4, y, cell)
        if drawing == "ruled":
            canvas.line(left - 4, y - 4, first + width * len(table.columns), y - 4)
    if drawing == "ruled":
        bottom = top - line * (len(heads) + len(rows) - 1) - 4
        canvas.line(left - 4, top + 12, first + width * len(table.columns), top + 12)
        spans = spans_of(table) if is_spanned else [(n, n) for n in range(len(table.columns))]
        edges = {first + width * start for start, _end in spans}
        for place in range(len(table.columns) + 1):
            x = first + width * place
            is_edge = x in edges or place == len(table.columns)
            canvas.line(x, top + 12 if is_edge or not is_spanned else top - 4, x, bottom)
        canvas.line(left - 4, top + 12, left - 4, bottom)
