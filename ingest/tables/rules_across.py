"""Tables with horizontal rules only: between them the cells are in columns that no word crosses.

The space between two rules is one row, or several if each of its lines has words in more than one column.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ingest.drawn_words import Floats, Integers, Mask
from ingest.word_arrays import WordArrays, middle

_SAME_END = 3.0
"""Greatest distance between the ends of the rules of one table, in points."""
_FEWEST_RULES = 3
_NARROWEST_GAP = 0.6
"""Least gap between columns, in font sizes."""
_PLACES = 4
"""Places in a point at which it is measured whether a word covers them."""
_OVER_END = 2.0
"""How far words may extend beyond the ends of the rules, in points."""
_SAME_LINE = 2.5
"""Greatest vertical distance between words of one line, in points."""
_FEWEST_CELLS = 4
_MOST_LINES = 6
"""Most lines between two rules of a table. More are text in columns between rules of the page, unless there
are many numbers."""
_LEAST_FIGURES = 0.3
"""Least share of numbers among the words of a table with more lines between two rules."""


class RuleBand(NamedTuple):
    """The words between two neighbouring rules."""

    top: float
    bottom: float
    rows: Integers
    """Indexes of the words."""
    covered: Mask
    """For each place of the width, whether a word covers it."""


class TableOfRows(NamedTuple):
    """A table: its edges in points, and its rows of cells."""

    x0: float
    top: float
    x1: float
    bottom: float
    cells: list[list[WordArrays]]


def tables_of_rows(across: Floats, words: WordArrays) -> Iterator[TableOfRows]:
    """Find the tables between horizontal rules.

    Args:
        across: shape (rules, 3), float64, in points: height, left end, right end.
    """
    if not len(words.rows):
        return
    size = middle(words.sizes)
    left = across[np.lexsort((across[:, 0], np.rint(across[:, 2]), np.rint(across[:, 1])))]
    starts = np.flatnonzero(np.abs(np.diff(left[:, 1:], axis=0)).max(axis=1) > _SAME_END) + 1
    for rules in np.split(left, starts):
        if len(rules) >= _FEWEST_RULES:
            x0, x1 = float(rules[:, 1].min()), float(rules[:, 2].max())
            bands = [_band(words, x0, x1, *pair) for pair in pairwise(np.sort(rules[:, 0]).tolist())]
            yield from _tables(bands, words, x0, x1, size)


def _band(words: WordArrays, x0: float, x1: float, top: float, bottom: float) -> RuleBand | None:
    """The words between two rules; None if there are none, or one extends beyond the ends of the rules."""
    middles = words.baselines - 0.3 * words.sizes
    rows = np.flatnonzero((middles > top) & (middles < bottom) & (words.x1 > x0) & (words.x0 < x1))
    if not len(rows) or words.x0[rows].min() < x0 - _OVER_END or words.x1[rows].max() > x1 + _OVER_END:
        return None
    changes = np.zeros(int(_PLACES * (x1 - x0 + _OVER_END)) + 4)
    np.add.at(changes, np.maximum(_PLACES * (words.x0[rows] - x0), 0).astype(np.int64), 1)
    np.add.at(changes, np.maximum(np.ceil(_PLACES * (words.x1[rows] - x0)), 0).astype(np.int64), -1)
    return RuleBand(top, bottom, rows, np.cumsum(changes) > 0)


def _tables(
    bands: list[RuleBand | None], words: WordArrays, x0: float, x1: float, size: float
) -> Iterator[TableOfRows]:
    """Join consecutive bands that have gaps in common to tables."""
    run: list[RuleBand] = []
    for band in [*bands, None]:
        if band is not None and len(_gaps([*run, band], size)):
            run.append(band)
            continue
        if table := _table(run, words, x0, x1, size):
            yield table
        run = [band] if band is not None and len(_gaps([band], size)) else []


def _gaps(bands: list[RuleBand], size: float) -> Floats:
    """The middles of the gaps between columns, in points from the left edge; shape (gaps,), float64."""
    covered = np.logical_or.reduce([band.covered for band in bands])
    inside = np.flatnonzero(covered)
    edges = np.flatnonzero(np.diff(covered[: inside[-1] + 1].astype(np.int8)))
    starts, ends = edges[covered[edges]], edges[~covered[edges]]
    ends = ends[len(ends) - len(starts) :]
    wide: Floats = ((starts + ends + 1) / (2 * _PLACES))[ends - starts >= _PLACES * _NARROWEST_GAP * size]
    return wide


def _table(bands: list[RuleBand], words: WordArrays, x0: float, x1: float, size: float) -> TableOfRows | None:
    if len(bands) < _FEWEST_RULES - 1:
        return None
    gaps = _gaps(bands, size)
    rows = [row for band in bands for row in _rows(band, words, x0, gaps)]
    columns = [np.searchsorted(gaps, (words.x0[row] + words.x1[row]) / 2 - x0) for row in rows]
    filled = [len(np.unique(column)) for column in columns]
    inside = np.concatenate([band.rows for band in bands])
    is_figures = words.is_number[inside].mean() >= _LEAST_FIGURES
    is_text = max(len(_lines(band.rows, words)) for band in bands) > _MOST_LINES and not is_figures
    if sum(filled) < _FEWEST_CELLS or sum(count > 1 for count in filled) < 2 or is_text:
        return None
    cells = [
        [words.take(row[column == place]) for place in range(len(gaps) + 1)]
        for row, column in zip(rows, columns, strict=True)
    ]
    return TableOfRows(x0, bands[0].top, x1, bands[-1].bottom, cells)


def _rows(band: RuleBand, words: WordArrays, x0: float, gaps: Floats) -> list[Integers]:
    """The rows between two rules, each as indexes of words."""
    lines = _lines(band.rows, words)
    columns = [np.unique(np.searchsorted(gaps, (words.x0[line] + words.x1[line]) / 2 - x0)) for line in lines]
    return lines if all(len(each) > 1 and each[0] == 0 for each in columns) else [band.rows]


def _lines(rows: Integers, words: WordArrays) -> list[Integers]:
    """The words of each line, from top to bottom."""
    ordered = rows[np.argsort(words.baselines[rows], kind="stable")]
    return np.split(ordered, np.flatnonzero(np.diff(words.baselines[ordered]) > _SAME_LINE) + 1)
