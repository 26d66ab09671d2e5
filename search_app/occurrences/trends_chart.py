"""The chart of trends: where its axes, lines and marks go. The template trends_picture.html draws it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10

import typst
from flask_babel import format_decimal

from index.occurrences.trends import Point, Trend
from index.query.tree import NONE

WIDTH, PLOT_HEIGHT = 720, 300
"""Width of the picture and height of the field between the axes, in units of the picture."""

LEFT, RIGHT, TOP = 52, 20, 36
_AXIS, _LEGEND_LINE = 46, 22
"""Room for the names of the places under the field, and for each line of the legend under them."""

_SOURCE = 26
"""Room for the line under a picture that is a file: where it comes from."""

_UNDATED = 110
"""Width of the column of documents without a year, right of the years."""

_LETTERS_A_LINE = 17
"""Most letters of a line of a name on the axis, if the axis shows plans."""

_SHAPES = (
    "M-4.5 0A4.5 4.5 0 1 0 4.5 0A4.5 4.5 0 1 0 -4.5 0Z",
    "M-4 -4H4V4H-4Z",
    "M0 -5.5L5.5 0L0 5.5L-5.5 0Z",
    "M0 -5L5 4H-5Z",
    "M0 5L5 -4H-5Z",
    "M-1.7 -5H1.7V-1.7H5V1.7H1.7V5H-1.7V1.7H-5V-1.7H-1.7Z",
)
"""A mark for each of the MOST_TERMS terms, so that shape and dashes distinguish them, not only colour."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A value or place on an axis."""

    at: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """A point of a trend."""

    x: float
    y: float
    point: Point


@dataclass(frozen=True, slots=True)
class Series:
    """A trend as it is drawn."""

    number: int
    """From 1: names its colour and dashes."""
    shape: str
    """Path around 0, 0."""
    trend: Trend
    marks: tuple[ChartPoint, ...]
    lines: tuple[str, ...]
    """Points of the polylines between marks; broken where there are texts, but none in this language."""
    legend_at: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that is drawn."""

    width: float
    height: float
    field: tuple[float, float, float, float]
    """Left, top, right, bottom."""
    across: tuple[Tick, ...]
    upward: tuple[Tick, ...]
    series: tuple[Series, ...]
    apart_at: float | None
    """Where a line separates documents without a year from the years."""


def draw(trends: Sequence[Trend], names: Mapping[str, str], *, is_timeline: bool) -> Chart:
    """Place everything.

    Args:
        names: the places in order and how each is called.
        is_timeline: whether places are years, with distances in proportion to time.
    """
    bottom = TOP + PLOT_HEIGHT
    columns = _columns(list(names), is_timeline=is_timeline)
    most = max((point.frequency for trend in trends for point in trend.points), default=0)
    step = _step(most)
    top_value = max(step, -(-most // step) * step)
    series = []
    for number, trend in enumerate(trends):
        shift = 0 if is_timeline else (number - (len(trends) - 1) / 2) * 13
        marks = tuple(
            ChartPoint(
                round(columns[point.place] + shift, 1),
                round(bottom - PLOT_HEIGHT * point.frequency / top_value, 1),
                point,
            )
            for point in sorted(trend.points, key=lambda point: list(names).index(point.place))
        )
        lines = _lines(marks, list(names)) if is_timeline else _stems(marks, bottom)
        legend_at = bottom + _AXIS + _LEGEND_LINE * (number + 0.5)
        series.append(Series(number + 1, _SHAPES[number], trend, marks, lines, legend_at))
    return Chart(
        WIDTH,
        bottom + _AXIS + _LEGEND_LINE * len(trends) + _SOURCE,
        (LEFT, TOP, WIDTH - RIGHT, bottom),
        _places(columns, names, is_timeline=is_timeline),
        tuple(
            Tick(round(bottom - PLOT_HEIGHT * number * step / top_value, 1), (_value(number * step),))
            for number in range(round(top_value / step) + 1)
        ),
        tuple(series),
        WIDTH - RIGHT - _UNDATED if is_timeline and NONE in names and len(names) > 1 else None,
    )


def as_png(picture: str) -> bytes:
    """The picture (SVG) as PNG, twice as many pixels as units; its fonts are Typst's own."""
    page = b"""#set page(width: auto, height: auto, margin: 0pt)
        #image(bytes(sys.inputs.picture), format: "svg", width: 540pt)"""
    fonts = typst.Fonts(include_system_fonts=False)
    compiler = typst.Compiler(page, font_paths=fonts, sys_inputs={"picture": picture})
    made = compiler.compile(format="png", ppi=192)
    assert isinstance(made, bytes)  # one page gives one image, several would give a list
    return made


def _value(value: float) -> str:
    """A value on the axis, written as in the table under the picture."""
    return str(format_decimal(float(f"{value:g}"), format="#,##0.######"))


def _columns(places: Sequence[str], *, is_timeline: bool) -> dict[str, float]:
    """The horizontal position of each place in the field."""
    if not places:
        return {}
    room = WIDTH - RIGHT - LEFT
    if not is_timeline:
        slot = room / len(places)
        return {place: LEFT + slot * (number + 0.5) for number, place in enumerate(places)}
    years = [place for place in places if place != NONE]
    undated = {NONE: WIDTH - RIGHT - _UNDATED / 2} if NONE in places else {}
    if undated:
        room -= _UNDATED
    if len(years) < 2:
        return dict.fromkeys(years, LEFT + room / 2) | undated
    first, last = int(years[0]), int(years[-1])
    margin = 24
    step = (room - 2 * margin) / (last - first)
    return {place: LEFT + margin + step * (int(place) - first) for place in years} | undated


def _places(columns: Mapping[str, float], names: Mapping[str, str], *, is_timeline: bool) -> tuple[Tick, ...]:
    """The names under the field; of years close together, only as many as can be read."""
    ticks: list[Tick] = []
    for place, at in columns.items():
        is_year = is_timeline and place != NONE
        if is_year and ticks and at - ticks[-1].at < 34:
            continue
        ticks.append(Tick(round(at, 1), (place,) if is_year else _wrapped(names[place])))
    return tuple(ticks)


def _wrapped(name: str) -> tuple[str, ...]:
    """A name on at most two lines."""
    lines = [""]
    for word in name.split():
        if len(lines[-1]) + len(word) >= _LETTERS_A_LINE and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > 2:
        lines = [lines[0], f"{lines[1]} …"]
    return tuple(lines)


def _lines(marks: Sequence[ChartPoint], places: Sequence[str]) -> tuple[str, ...]:
    runs: list[list[ChartPoint]] = []
    for mark in marks:
        follows = runs and places.index(mark.point.place) == places.index(runs[-1][-1].point.place) + 1
        if follows and mark.point.place != NONE:
            runs[-1].append(mark)
        else:
            runs.append([mark])
    return tuple(" ".join(f"{mark.x},{mark.y}" for mark in run) for run in runs if len(run) > 1)


def _stems(marks: Sequence[ChartPoint], bottom: float) -> tuple[str, ...]:
    return tuple(f"{mark.x},{bottom} {mark.x},{mark.y}" for mark in marks if mark.point.count)


def _step(most: float) -> float:
    """A round step that makes four to eight of it reach the highest value."""
    if most <= 0:
        return 1
    size: float = 10 ** floor(log10(most))
    return next(size * part for part in (0.1, 0.2, 0.25, 0.5, 1, 2) if most / (size * part) <= 6)
