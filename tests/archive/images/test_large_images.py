"""Large images of pages: within a bound, the oldest use goes first, and a damaged one is never shown."""

import os
from pathlib import Path

import pytest

from archive.images.large_images import LargeImages, note_use

ONE, OTHER = "0123456789abcdef", "fedcba9876543210"


@pytest.fixture
def images(tmp_path: Path) -> LargeImages:
    return LargeImages.of(tmp_path, 1000)


def keep(images: LargeImages, document: str, page: int, size: int, *, used: int | None = None) -> bool:
    """Keep an image of so many bytes, looked at last at second `used`."""
    drawn = images.folder.parent / "drawn.png"
    drawn.write_bytes(f"{document} {page}".encode().ljust(size))
    is_kept = images.keep(document, page, drawn)
    found = images.find(document, page)
    if found is not None and used is not None:
        os.utime(found, (used, used))
    return is_kept


def kept(images: LargeImages) -> set[tuple[str, int]]:
    return {
        (one, page) for one in (ONE, OTHER) for page in range(1, 20) if images.find(one, page) is not None
    }


def all_bytes(images: LargeImages) -> int:
    return sum(path.stat().st_size for path in images.folder.rglob("*") if path.is_file())


def test_what_was_looked_at_longest_ago_makes_room(images: LargeImages) -> None:
    for page, used in ((1, 300), (2, 100), (3, 200)):
        assert keep(images, ONE, page, 300, used=used)
    seen = images.find(ONE, 2)
    assert seen is not None
    changed = seen.stat().st_mtime_ns
    note_use(seen)
    assert seen.stat().st_mtime_ns == changed, "its ETag stays"
    assert keep(images, OTHER, 1, 300)
    assert kept(images) == {(ONE, 1), (ONE, 2), (OTHER, 1)}
    assert keep(images, OTHER, 2, 900)
    assert kept(images) == {(OTHER, 2)}
    assert not (images.folder / ONE).exists(), "no empty folder stays"


def test_one_that_is_larger_than_the_bound_takes_no_others_place(images: LargeImages) -> None:
    keep(images, ONE, 1, 500)
    assert not keep(images, ONE, 2, 1001)
    assert kept(images) == {(ONE, 1)}


def test_the_bound_is_kept_whatever_a_crash_or_another_setting_left(images: LargeImages) -> None:
    for page in range(1, 4):
        keep(images, ONE, page, 300, used=page)
    (images.folder / ONE / "4.png.part").write_bytes(bytes(5000))
    (images.folder / "stray").write_bytes(bytes(5000))
    (images.folder / OTHER / "a folder").mkdir(parents=True)
    (images.folder / OTHER / "a folder" / "deep").write_bytes(bytes(5000))
    LargeImages(images.folder, 700).make_room()
    assert kept(images) == {(ONE, 2), (ONE, 3)}
    assert all_bytes(images) == 600


def test_a_page_has_one(images: LargeImages) -> None:
    keep(images, ONE, 1, 300)
    keep(images, ONE, 1, 400)
    assert all_bytes(images) == 400


@pytest.mark.parametrize("damage", ["empty", "one byte", "a folder"])
def test_a_damaged_one_is_not_shown_and_named_and_dropped(images: LargeImages, damage: str) -> None:
    keep(images, ONE, 1, 300)
    keep(images, ONE, 2, 300)
    place = images.find(ONE, 1)
    assert place is not None
    if damage == "empty":
        place.write_bytes(b"")
    elif damage == "one byte":
        content = bytearray(place.read_bytes())
        content[100] ^= 1
        place.write_bytes(content)
    else:
        place.unlink()
        (place / "inside").mkdir(parents=True)
    assert kept(images) == {(ONE, 2)}
    assert images.damaged(ONE) == [1]
    images.drop_damaged(ONE)
    assert images.damaged(ONE) == []
    assert kept(images) == {(ONE, 2)}
    assert keep(images, ONE, 1, 300)


def test_those_of_a_document_go_together(images: LargeImages) -> None:
    keep(images, ONE, 1, 300)
    keep(images, OTHER, 1, 300)
    images.forget(ONE)
    images.forget("of which there is none")
    assert kept(images) == {(OTHER, 1)}


def test_a_file_in_the_way_of_the_folder_is_put_out_of_it(images: LargeImages) -> None:
    images.folder.write_text("in the way")
    assert keep(images, ONE, 1, 300)
    assert kept(images) == {(ONE, 1)}


def test_one_of_a_document_that_was_withdrawn_while_it_was_drawn_is_not_kept(images: LargeImages) -> None:
    drawn = images.folder.parent / "drawn.png"
    drawn.write_bytes(b"a page")
    assert not images.keep(ONE, 1, drawn, lambda: False)
    assert images.find(ONE, 1) is None
    assert images.keep(ONE, 1, drawn, lambda: True)
    images.forget(ONE)
    assert kept(images) == set()
