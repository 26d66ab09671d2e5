"""Columns that end in a few lines, boxes where one column has ended, and words too long for their column."""

import re
from collections.abc import Sequence
from itertools import count, islice
from pathlib import Path

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from ingest.read_document import read_document
from tests.ingest.layout.test_set_text import sentences

FONT = "Times-Roman"
LEFT, RIGHT, WIDTH = 50.0, 270.0, 200.0
"""Where columns begin, and how wide they are."""
Said = tuple[float, float, str, str]
"""Left edge, points below the top of the page, font and text."""


def text_lines(seed: int = 1) -> list[str]:
    """Lines of running text, each as full as may be."""
    found: list[str] = []
    line: list[str] = []
    plain = [sentence for sentence in sentences(90, seed) if re.fullmatch(r"[A-Za-z ,.]+", sentence)]
    for word in " ".join(plain).split():
        if stringWidth(" ".join([*line, word]), FONT, 10) > WIDTH:
            found.append(" ".join(line))
            line = []
        line.append(word)
    return found


def column(x: float, texts: Sequence[str], tops: Sequence[float], font: str = FONT) -> list[Said]:
    return [(x, top, font, text) for top, text in zip(tops, texts, strict=True)]


def tops(start: float, number: int) -> list[float]:
    """The heights of so many lines."""
    return list(islice(count(start, 12.0), number))


def read(
    path: Path, said: Sequence[Said], frames: Sequence[tuple[float, float, float, float]] = ()
) -> list[str]:
    """The blocks of a page with these lines, and frames of (x0, top, x1, bottom)."""
    canvas = Canvas(str(path), (520, 500))
    for x0, top, x1, bottom in frames:
        canvas.rect(x0, 500 - bottom, x1 - x0, bottom - top)
    for x, y, font, text in said:
        canvas.setFont(font, 10)
        canvas.drawString(x, 500 - y, text)
    canvas.save()
    (page,) = read_document(path, 10, lambda done, total: None).pages
    return [block.text for block in page.blocks]


def in_order(blocks: Sequence[str], *texts: Sequence[str]) -> bool:
    """Whether these lines stand in the blocks one after the other."""
    whole = " ".join(blocks)
    places = [whole.find(" ".join(text)) for text in texts]
    return -1 not in places and places == sorted(places)


@pytest.mark.parametrize("box", ["", "framed", "white"])
@pytest.mark.parametrize("ending", [2, 6])
def test_a_text_may_end_in_a_few_lines_of_a_column(tmp_path: Path, ending: int, box: str) -> None:
    """Also where a box stands across the gutter, below these lines."""
    left, right = text_lines()[:24], text_lines(seed=2)[:ending]
    aside = ["Een kader over de goot", "met twee regels tekst."]
    heights = tops(60, 12) + tops(264, 12)
    said = [*column(LEFT, left, heights), *column(RIGHT, right, tops(60, ending))]
    if box:
        said += column(180, aside, [216, 228], "Times-Bold")

    blocks = read(tmp_path / "a.pdf", said, [(172, 200, 322, 238)] if box == "framed" else [])

    halves = [left[:12], *([aside] if box else []), left[12:]]
    assert in_order(blocks, halves[0], halves[-1], right)
    assert not box or " ".join(aside) in blocks


def test_the_few_lines_may_stand_beside_a_box_at_the_head_of_the_left_column(tmp_path: Path) -> None:
    left, right = text_lines()[:20], text_lines(seed=2)[:3]
    box = [line[:30].strip() for line in text_lines(seed=3)[:6]]
    said = [*column(LEFT + 6, box, tops(60, 6)), *column(LEFT, left, tops(150, 20))]

    blocks = read(
        tmp_path / "a.pdf",
        [*said, *column(RIGHT, right, tops(60, 3))],
        [(LEFT, 48, LEFT + WIDTH, 126)],
    )

    assert in_order(blocks, box, left, right)


@pytest.mark.parametrize("shift", [0.0, 3.0])
def test_a_word_too_long_for_its_column_is_of_that_column(tmp_path: Path, shift: float) -> None:
    """It touches the word that begins the line of the right column, or covers it."""
    left, right = text_lines()[:20], text_lines(seed=2)[:20]
    long = "dienst@perspective.brussels."
    start = RIGHT + shift - stringWidth(long, FONT, 10)
    said = [*column(LEFT, left, tops(60, 20)), *column(RIGHT, right, tops(60, 20))]
    said[9] = (start, said[9][1], FONT, long)
    left[9] = long

    blocks = read(tmp_path / "a.pdf", said)

    assert in_order(blocks, left, right)


def test_a_box_stands_across_the_gutter_beside_a_list(tmp_path: Path) -> None:
    """The texts of the list do not begin where the column does."""
    left = text_lines()[:20]
    items = text_lines(seed=2)[:12]
    beside = ["Dit is tekst naast het", "kader, en die is smal,", "maar wel van drie", "regels onder elkaar."]
    right = text_lines(seed=4)[:6]
    aside = ["Een kader over de", "goot van de kolommen", "met drie regels."]
    said = [*column(LEFT, left[:11], tops(60, 11)), *column(LEFT, left[11:], tops(264, 9))]
    said += [(RIGHT, 60, FONT, "(1)"), (RIGHT, 132, FONT, "(2)")]
    said += column(RIGHT + 18, items, tops(60, 12))
    said += column(204, aside, [222, 234, 246], "Times-Bold")
    said += [*column(340, beside, tops(212, 4)), *column(RIGHT, right, tops(264, 6))]

    blocks = read(tmp_path / "a.pdf", said)

    assert in_order(blocks, left[:11], left[11:], items[:6], items[6:], beside, right)
    assert " ".join(aside) in blocks


def test_a_sentence_that_breaks_off_at_an_article_goes_on_under_a_box(tmp_path: Path) -> None:
    left = text_lines()[:24]
    left[11], left[12] = (
        "De raad bespreekt de plannen samen met de",
        "EU-Commissie in Brussel, en met alle anderen",
    )
    right = text_lines(seed=2)[:24]
    aside = ["Een kader over de goot", "met twee regels tekst."]
    heights = tops(60, 12) + tops(264, 12)
    said = [*column(LEFT, left, heights), *column(RIGHT, right, heights)]
    beside = ["Dit is tekst naast het", "kader, en die is smal."]
    said += column(340, beside, tops(216, 2))

    blocks = read(tmp_path / "a.pdf", [*said, *column(205, aside, [216, 228], "Times-Bold")])

    assert in_order(blocks, left[11:13])
    assert " ".join(aside) in blocks


def test_a_paragraph_beside_a_box_is_as_wide_as_the_box_leaves_room(tmp_path: Path) -> None:
    """A sentence ends at the end of a full line there: the next one is of the same paragraph."""
    narrow = [
        "De gemeente koopt huizen",
        "en verhuurt die aan jonge",
        "gezinnen met kinderen; zij",
        "doet dat voor weinig geld,",
        "zodat anderen er wonen.",
        "Buitenlandse gezinnen met",
        "kinderen vinden er ook",
    ]
    left, right = text_lines()[:20], text_lines(seed=2)[:20]
    left[7] = "Dit is het einde van de zin."
    left[8] = "huizen die groot genoeg zijn voor elk gezin in"
    aside = ["Een kader over de goot", "met vier regels tekst,", "die de kolommen elk", "wat smaller maken."]
    beside = [
        "Dit is tekst naast het",
        "kader, en die is smal,",
        "maar wel van enige",
        "regels onder elkaar.",
    ]
    said = [*column(LEFT, left[:8], tops(60, 8)), *column(LEFT, narrow, tops(164, 7))]
    said += [*column(LEFT, left[8:], tops(248, 12)), *column(185, aside, tops(182, 4), "Times-Bold")]
    said += [*column(RIGHT, right[:9], tops(60, 9)), *column(335, beside, tops(176, 4))]
    said += column(RIGHT, right[9:], tops(248, 11))

    blocks = read(tmp_path / "a.pdf", said)

    (whole,) = [block for block in blocks if block.startswith(narrow[0])]
    assert whole.startswith(" ".join([*narrow, left[8]]))
    assert " ".join(aside) in blocks
