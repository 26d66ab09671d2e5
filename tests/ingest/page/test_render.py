"""Page images for the reading room."""

from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from archive.images.image_files import LONG_SIDES
from archive.reading_warnings import ReadingWarning
from ingest.errors import Encrypted
from ingest.page.render import render_pages
from tests.material.pictures import photograph_pdf

DOCUMENTS = Path(__file__).parents[2] / "documents"
LONG_SIDE = LONG_SIDES["page"]


def rendered(path: Path, folder: Path) -> tuple[list[str], dict[str, tuple[int, int]]]:
    warnings = render_pages(path, folder, lambda done, total: None)
    sizes = {}
    for file in sorted(path for path in folder.iterdir() if path.is_file()):
        with Image.open(file) as image:
            assert image.format == file.suffix[1:].upper()
            sizes[file.name] = image.size
    return warnings, sizes


def test_each_page_becomes_an_image_of_its_displayed_shape(tmp_path: Path) -> None:
    warnings, sizes = rendered(DOCUMENTS / "tables.pdf", tmp_path)
    assert warnings == []
    assert sizes == {"1.png": (LONG_SIDE, pytest.approx(LONG_SIDE / 2**0.5, abs=2))}


def test_each_page_has_a_thumbnail_of_the_same_shape(tmp_path: Path) -> None:
    rendered(DOCUMENTS / "tables.pdf", tmp_path)
    with Image.open(tmp_path / "thumbnail" / "1.webp") as image:
        assert max(image.size) == LONG_SIDES["thumbnail"]
        assert max(image.size) / min(image.size) == pytest.approx(2**0.5, rel=0.01)


def test_a_page_is_drawn_large_alone(tmp_path: Path) -> None:
    render_pages(DOCUMENTS / "scans.pdf", tmp_path, lambda done, total: None, [2], is_large=True)
    (drawn,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert drawn.stem == "2"
    with Image.open(drawn) as image:
        assert max(image.size) == LONG_SIDES["large"]


def test_text_keeps_its_colours_and_light_stripes(tmp_path: Path) -> None:
    """What a palette could lose: faint surfaces, and colours that few pixels have."""
    path = tmp_path / "striped.pdf"
    canvas = Canvas(str(path), pagesize=(400, 400))
    surfaces = [(250, 250, 250), (247, 251, 255), (200, 30, 30), (12, 34, 56)]
    for place, surface in enumerate(surfaces):
        canvas.setFillColorRGB(*(value / 255 for value in surface))
        canvas.rect(50, 300 - 60 * place, 300, 40, fill=1, stroke=0)
    canvas.setFillColorRGB(0, 0.5, 0)
    canvas.drawString(60, 30, "groen")
    canvas.save()
    rendered(path, tmp_path / "images")
    with Image.open(tmp_path / "images" / "1.png") as drawn:
        image = drawn.convert("RGB")
    at = [image.getpixel((800, 1600 - 4 * (320 - 60 * place))) for place in range(4)]
    assert at == surfaces
    assert image.getpixel((10, 10)) == (255, 255, 255)
    of_word = image.crop((240, 1440, 500, 1500)).getcolors() or []
    greenest = max((pixel for _count, pixel in of_word), key=lambda pixel: pixel[1] - pixel[0])
    assert greenest == pytest.approx((0, 127, 0), abs=16)


def test_each_page_has_its_own_colours_whatever_was_drawn_before(tmp_path: Path) -> None:
    colours = [(204, 0, 0), (0, 102, 204), (208, 0, 0), (0, 102, 200)]
    canvas = Canvas(str(tmp_path / "colours.pdf"), pagesize=(300, 400))
    for number in range(len(colours)):
        for place, colour in enumerate(colours[number:]):
            canvas.setFillColorRGB(*(part / 255 for part in colour))
            canvas.rect(0, 60 * place, 300, 50, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    rendered(tmp_path / "colours.pdf", tmp_path / "images")
    for number in range(len(colours)):
        with Image.open(tmp_path / "images" / f"{number + 1}.png") as drawn:
            image = drawn.convert("RGB")
        at = [image.getpixel((600, 1600 - 4 * (25 + 60 * place))) for place in range(len(colours) - number)]
        assert at == colours[number:]


def test_a_picture_stays_smooth_and_small(tmp_path: Path) -> None:
    path = tmp_path / "photograph.pdf"
    photograph_pdf(path)
    rendered(path, tmp_path / "images")
    (drawn,) = (path for path in (tmp_path / "images").iterdir() if path.is_file())
    assert drawn.suffix == ".webp"
    with Image.open(drawn) as image:
        assert len(image.convert("RGB").getcolors(1 << 22) or []) > 10_000


@pytest.mark.parametrize("earlier", ["1.png", "1.webp"])
@pytest.mark.parametrize("has_many_colours", [False, True])
def test_a_page_has_one_image_whatever_it_was_before(
    tmp_path: Path, earlier: str, has_many_colours: bool
) -> None:
    images = tmp_path / "images"
    images.mkdir()
    (images / earlier).write_bytes(b"half an image")
    path = DOCUMENTS / "tables.pdf"
    if has_many_colours:
        path = tmp_path / "photograph.pdf"
        photograph_pdf(path)
    rendered(path, images)
    (drawn,) = (path for path in images.iterdir() if path.is_file())
    assert drawn.suffix == (".webp" if has_many_colours else ".png")


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
            with Image.open(tmp_path / f"{number}.png") as image:
                scale = image.width / page.width
                for box in page.boxes.tolist():
                    inside = image.convert("L").crop(tuple(int(side * scale) for side in box))
                    assert inside.getextrema()[0] < 80
                    assert inside.getextrema()[1] > 200


def test_a_page_that_cannot_be_drawn_is_left_out(tmp_path: Path) -> None:
    warnings, sizes = rendered(DOCUMENTS / "page-missing.pdf", tmp_path)
    assert sorted(sizes) == ["1.png", "3.png"]
    assert warnings == [ReadingWarning("not_drawn", (2,))]


@pytest.mark.parametrize("size", [(14400, 14400), (3, 2000), (0.5, 0.5)])
def test_pages_of_odd_sizes_keep_within_bounds(tmp_path: Path, size: tuple[float, float]) -> None:
    canvas = Canvas(str(tmp_path / "odd.pdf"), pagesize=size)
    canvas.drawString(0, 0, "x")
    canvas.save()
    warnings, sizes = rendered(tmp_path / "odd.pdf", tmp_path / "images")
    assert warnings == []
    assert max(sizes["1.png"]) <= LONG_SIDE
    assert min(sizes["1.png"]) >= 1


def test_a_locked_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(Encrypted):
        render_pages(DOCUMENTS / "encrypted.pdf", tmp_path, lambda done, total: None)
