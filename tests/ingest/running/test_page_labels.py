"""The labels of pages by the numbers printed on them: in the middle and at both ends of a document."""

from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.read_document import read_document
from ingest.running.page_labels import PrintedNumber, counting_on

FOOT = "0: #"


def labels(pages: list[str | None], shape: str = FOOT) -> list[str | None]:
    """The labels of pages on which these numbers are printed by themselves; None: nothing."""
    printed = {page: [PrintedNumber(label, shape)] if label else [] for page, label in enumerate(pages, 1)}
    found = counting_on(printed)
    return [found.get(page) for page in range(1, len(pages) + 1)]


def numbers(first: int, last: int) -> list[str | None]:
    return [str(number) for number in range(first, last + 1)]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param(numbers(1, 6), numbers(1, 6), id="as the pages"),
        pytest.param([None, None, *numbers(1, 5)], [None, None, *numbers(1, 5)], id="a cover"),
        pytest.param([*numbers(1, 5), None], [*numbers(1, 5), None], id="a back cover"),
        pytest.param([*numbers(1, 3), None, *numbers(5, 7)], numbers(1, 7), id="a page without its number"),
        pytest.param([*numbers(1, 6), "9"], [*numbers(1, 6), "9"], id="a jump on the last page"),
        pytest.param(["3", *numbers(5, 9)], ["3", *numbers(5, 9)], id="a jump after the first page"),
        pytest.param(
            [None, *numbers(1, 5), *[None] * 6, "12"], [None, *numbers(1, 12)], id="a number after many pages"
        ),
        pytest.param([*numbers(1, 5), *numbers(1, 4)], [*numbers(1, 5), *numbers(1, 4)], id="begun anew"),
        pytest.param([*numbers(1, 5), "1"], [*numbers(1, 5), "1"], id="an annex of one page"),
        pytest.param(
            ["i", "ii", None, "iv", *numbers(1, 4)],
            ["i", "ii", "iii", "iv", *numbers(1, 4)],
            id="Roman numbers",
        ),
        pytest.param([*numbers(1, 6), "2024"], [*numbers(1, 6), None], id="a year"),
        pytest.param([*numbers(1, 6), "4"], [*numbers(1, 6), None], id="a number that goes back"),
    ],
)
def test_labels_at_both_ends(printed: list[str | None], expected: list[str | None]) -> None:
    assert labels(printed) == expected


def test_a_number_that_stands_otherwise_is_no_label() -> None:
    pages = {page: [PrintedNumber(str(page), FOOT)] for page in range(1, 7)}
    pages[7] = [PrintedNumber("9", "0: artikel #")]
    assert 7 not in counting_on(pages)
    pages[7].append(PrintedNumber("8", FOOT))
    assert counting_on(pages)[7] == "8"


@pytest.mark.parametrize(
    ("prefix", "start", "expected"),
    [
        pytest.param("", 131, numbers(1, 7), id="numbers of another file"),
        pytest.param("A-", 1, [f"A-{number}" for number in range(1, 8)], id="fuller than what is printed"),
    ],
)
def test_the_numbers_of_a_file_that_are_not_those_printed_are_not_believed(
    tmp_path: Path, prefix: str, start: int, expected: list[str]
) -> None:
    canvas = Canvas(str(tmp_path / "labelled.pdf"))
    for number in range(1, 8):
        for line in range(20):
            canvas.drawString(72, 720 - 20 * line, f"Regel {line} van een tekst over het beleid")
        canvas.drawString(300, 40, str(number))
        canvas.showPage()
    canvas.addPageLabel(0, style="ARABIC", start=start, prefix=prefix or None)
    canvas.save()
    reading = read_document(tmp_path / "labelled.pdf", 100, lambda _done, _total: None)
    assert [page.label for page in reading.pages] == expected
