"""Marks show the words that were asked for: what a browser shows inside each mark is read by an OCR program,
which knows nothing of our boxes."""

import difflib
import io
import math
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page, expect

from archive.records import Description
from tests.browser import CHROMIUM
from tests.search_app.test_browser import (
    Site,
    running,
    take_in,
)

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
    pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed"),
]

DOCUMENTS = Path(__file__).parents[2] / "documents"

SCALE = 3
"""Device pixels for a CSS pixel: small print is read better."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="module")
def held(site: Site) -> dict[str, str]:
    """The identifiers of the documents by their names."""
    names = ("turned-and-cropped", "columns-drawn-row-by-row", "hyphens-and-ligatures")
    return {name: take_in(site.room, DOCUMENTS / f"{name}.pdf", Description(name)) for name in names}


def read_aloud(pictures: Sequence[Image.Image], folder: Path) -> list[str]:
    """What Tesseract reads in pictures of one line each; it is started once for all of them."""
    for number, picture in enumerate(pictures):
        framed = ImageOps.expand(ImageOps.autocontrast(picture.convert("L")), border=12, fill=255)
        wide = framed.resize((framed.width * 2, framed.height * 2), Image.Resampling.LANCZOS)
        wide.save(folder / f"{number}.png")
    (folder / "pictures").write_text("".join(f"{folder}/{number}.png\n" for number in range(len(pictures))))
    command = ["tesseract", folder / "pictures", "stdout", "--psm", "7", "-l", "nld+fra"]
    said = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    lines = said.split("\f")
    assert len(lines) == len(pictures)
    return [line.strip() for line in lines]


def words_in_marks(page: Page, turn: int, folder: Path) -> list[str]:
    """What is seen inside each mark, the parts of a broken word or of a phrase one after the other."""
    parts = page.evaluate(
        """() => [...document.querySelectorAll(".sheet .mark")].map(mark =>
            [...mark.querySelectorAll("rect")].map(rect => {
                const box = rect.getBoundingClientRect();
                return [box.left + scrollX, box.top + scrollY, box.right + scrollX, box.bottom + scrollY];
            }))"""
    )
    boxes = [box for mark in parts for box in mark]
    assert boxes
    left, top = (math.floor(min(box[side] for box in boxes)) for side in (0, 1))
    right, bottom = (math.ceil(max(box[side] for box in boxes)) for side in (2, 3))
    around = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    picture = Image.open(io.BytesIO(page.screenshot(clip=around, full_page=True)))  # type: ignore[arg-type]
    crops = []
    for box in boxes:
        edges = tuple(round((edge - (left, top)[side % 2]) * SCALE) for side, edge in enumerate(box))
        crops.append(picture.crop(edges).rotate(turn, expand=True))  # type: ignore[arg-type]
    read = iter(read_aloud(crops, folder))
    return [" ".join(next(read) for _ in mark) for mark in parts]


CIJFERS = '"de cijfers van de werkgelegenheid"'


@pytest.mark.parametrize(
    ("document", "number", "query", "turn", "marked"),
    [
        ("turned-and-cropped", 1, '"boven het midden"', 0, ["Boven het midden"]),
        ("turned-and-cropped", 1, "kant", -90, ["kant"]),
        ("turned-and-cropped", 2, '"boven het midden"', 90, ["Boven het midden"]),
        ("turned-and-cropped", 2, "kant", 0, ["kant"]),
        ("turned-and-cropped", 3, '"boven het midden"', 180, ["Boven het midden"]),
        ("turned-and-cropped", 3, "kant", 90, ["kant"]),
        ("turned-and-cropped", 4, '"boven het midden"', -90, ["Boven het midden"]),
        ("turned-and-cropped", 4, "kant", 180, ["kant"]),
        ("columns-drawn-row-by-row", 1, "werkgelegenheid", 0, ["werkgelegenheid,"] * 6),
        ("columns-drawn-row-by-row", 1, '"interlocuteurs sociaux"', 0, ["interlocuteurs sociaux"] * 6),
        ("columns-drawn-row-by-row", 2, CIJFERS, 0, ["de cijfers van de werkgelegenheid,"] * 6),
        ("hyphens-and-ligatures", 1, "werkgelegenheid", 0, ["werkgelegenheid.", "werkgele- genheid"]),
        ("hyphens-and-ligatures", 1, "financiering", 0, ["financie- ring."]),
        (
            *("hyphens-and-ligatures", 1, '"sociaal-economische raad"', 0),
            ["sociaal-economische raad", "sociaal- economische raad."],
        ),
        ("hyphens-and-ligatures", 1, "officieel", 0, ["officieel"]),
        ("hyphens-and-ligatures", 1, "flink", 0, ["flink."]),
    ],
)
def test_what_is_seen_inside_a_mark_is_what_was_asked_for(
    browser: Browser,
    site: Site,
    held: dict[str, str],
    document: str,
    number: int,
    query: str,
    turn: int,
    marked: list[str],
    tmp_path: Path,
) -> None:
    """`turn` sets upright what the page shows turned, in degrees, against the clock."""
    context = browser.new_context(
        base_url=site.address, viewport={"width": 1280, "height": 1600}, device_scale_factor=SCALE
    )
    page = context.new_page()
    page.goto(f"/nl/document/{held[document]}/page/{number}?q={query}")
    expect(page.locator(".sheet img")).to_have_js_property("complete", True)
    seen = words_in_marks(page, turn, tmp_path)
    context.close()
    assert len(seen) == len(marked), seen
    for wanted, found in zip(marked, seen, strict=True):
        likeness = difflib.SequenceMatcher(None, wanted.casefold(), found.casefold()).ratio()
        assert likeness > 0.8, seen  # an OCR program takes "SOC1AUX" for a word
