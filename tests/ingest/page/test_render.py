"""Page images for the reading room."""

from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from archive.reading_warnings import ReadingWarning
from ingest.errors import Encrypted
from ingest.page.render import LARGE, LONG_SIDE, THUMBNAIL, render_pages

DOCUMENTS = Path(__file__).parents[2] / "documents"


def rendered(path: Path, folder: Path) -> tuple[list[str], dict[str, tuple[int, int]]]:
    warnings = render_pages(path, folder, lambda done, total: None)
    sizes = {}
    for file in sorted(folder.glob("*.webp")):
        with Image.open(file) as image:
            assert image.format == "WEBP"
            sizes[file.name] = image.size
    return warnings, sizes


def test_each_page_becomes_an_image_of_its_displayed_shape(tmp_path: Path) -> None:
    warnings, sizes = rendered(DOCUMENTS / "tables.pdf", tmp_path)
    assert warnings == []
    assert sizes == {"1.webp": (LONG_SIDE, pytest.approx(LONG_SIDE / 2**0.5, abs=2))}


def test_each_page_has_a_large_image_and_a_thumbnail_of_the_same_shape(tmp_path: Path) -> None:
    rendered(DOCUMENTS / "tables.pdf", tmp_path)
    shape = pytest.approx(2**0.5, rel=0.01)
    for folder, long_side in (("large", LARGE), ("thumbnail", THUMBNAIL)):
        with Image.open(tmp_path / folder / "1.webp") as image:
            assert max(image.size) == long_side
            assert max(image.size) / min(image.size) == shape


def test_progress_is_told_page_by_page(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    render_pages(DOCUMENTS / "scans.pdf", tmp_path, lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_words_stand_where_their_boxes_say(tmp_path: Path) -> None:
    """Turned and cropped pages: the image is dark inside a word's box and white beside it."""
    from ingest.page.pdf_words import PdfFile

    rendered(DOCUMENTS / "turned-and-cropped.pdf", tmp_path)
    with PdfFile(DOCUMENTS / "turned-and-cropped.pdf") as pdf:
        for number in range(1, 5):
            page = pdf.text(number)
            with Image.open(tmp_path / f"{number}.webp") as image:
                scale = image.width / page.width
                for box in page.boxes.tolist():
                    inside = image.convert("L").crop(tuple(int(side * scale) for side in box))
                    assert inside.getextrema()[0] < 80
                    assert inside.getextrema()[1] > 200


def test_a_page_that_cannot_be_drawn_is_left_out(tmp_path: Path) -> None:
    warnings, sizes = rendered(DOCUMENTS / "page-missing.pdf", tmp_path)
    assert sorted(sizes) == ["1.webp", "3.webp"]
    assert warnings == [ReadingWarning("not_drawn", (2,))]


@pytest.mark.parametrize("size", [(14400, 14400), (3, 2000), (0.5, 0.5)])
def test_pages_of_odd_sizes_keep_within_bounds(tmp_path: Path, size: tuple[float, float]) -> None:
    canvas = Canvas(str(tmp_path / "odd.pdf"), pagesize=size)
    canvas.drawString(0, 0, "x")
    canvas.save()
    warnings, sizes = rendered(tmp_path / "odd.pdf", tmp_path / "images")
    assert warnings == []
    assert max(sizes["1.webp"]) <= LONG_SIDE
    assert min(sizes["1.webp"]) >= 1


def test_an_earlier_image_is_replaced_whole(tmp_path: Path) -> None:
    (tmp_path / "1.webp").write_bytes(b"half an image")
    rendered(DOCUMENTS / "tables.pdf", tmp_path)
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["1.webp"]


def test_a_locked_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(Encrypted):
        render_pages(DOCUMENTS / "encrypted.pdf", tmp_path, lambda done, total: None)
