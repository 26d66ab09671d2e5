"""Page images: whole, missing, damaged, of another version; told without drawing anything."""

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.images.page_images import SIZES, PageImages
from tests.surroundings.command_line import call_forked

WEBP = b"WEBP" + bytes(range(200))


def image(content: bytes = WEBP) -> bytes:
    """A file that says how long it is, as WebP does."""
    return b"RIFF" + len(content).to_bytes(4, "little") + content


def drawn_as_webp(images: PageImages, page: int, size: str) -> Path:
    """Where an image lies that is a WebP file."""
    return images.place(page, size).with_suffix(".webp")  # type: ignore[arg-type]


@pytest.fixture
def images(tmp_path: Path) -> PageImages:
    """Three pages, drawn and recorded."""
    made = PageImages.of(tmp_path, "0123456789abcdef")
    made.make_room(range(1, 4))
    for page in range(1, 4):
        for size in SIZES:
            drawn_as_webp(made, page, size).write_bytes(image(WEBP + bytes([page])))
    assert not made.condition(3).is_sound, "without a record"
    assert made.condition(3).to_draw == []
    assert made.record(3) == []
    return made


def test_whole_images_are_sound_and_found(images: PageImages) -> None:
    for thorough in (False, True):
        condition = images.condition(3, thorough=thorough)
        assert (condition.is_sound, condition.problems()) == (True, [])
    assert images.find(2, "thumbnail") == images.place(2, "thumbnail")
    assert images.find(4) is None


def change_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100] ^= 255
    path.write_bytes(content)


def turn_into_folder(path: Path) -> None:
    path.unlink()
    (path / "inside").mkdir(parents=True)


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "deleted": (Path.unlink, "ImageMissing"),
    "a folder": (turn_into_folder, "ImageMissing"),
    "empty": (lambda path: path.write_bytes(b""), "ImageDamaged"),
    "truncated": (lambda path: os.truncate(path, 50), "ImageDamaged"),
    "random": (lambda path: path.write_bytes(os.urandom(path.stat().st_size)), "ImageDamaged"),
    "one byte": (change_a_byte, "ImageDamaged"),
    "another image": (lambda path: path.write_bytes(image(WEBP[::-1] + b"x")), "ImageDamaged"),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_seen_and_not_shown(images: PageImages, damage: str, size: str) -> None:
    inflict, kind = DAMAGES[damage]
    place = images.place(2, size)  # type: ignore[arg-type]
    assert images.find(2, size) is not None  # type: ignore[arg-type]
    inflict(place)
    assert images.find(2, size) is None  # type: ignore[arg-type]
    condition = images.condition(3)
    assert condition.to_draw == [2]
    assert [told for told, _detail in condition.problems()] == [kind]
    assert "page 2 " in condition.problems()[0][1]
    images.make_room(condition.to_draw)
    place.write_bytes(image(WEBP + b"\x02"))
    assert images.find(2, size) == place  # type: ignore[arg-type]


def test_rot_that_no_name_or_date_tells_of_is_seen_by_reading(images: PageImages) -> None:
    place, record = images.place(2, "page"), images.folder / "drawn.json"
    before = place.stat()
    change_a_byte(place)
    os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))
    os.utime(record, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert images.condition(3).is_sound
    assert images.condition(3, thorough=True).damaged == (2,)
    assert images.find(2) is None


def test_rot_in_the_very_moment_of_the_record_is_seen(images: PageImages) -> None:
    place, record = images.place(2, "page"), (images.folder / "drawn.json").stat()
    change_a_byte(place)
    os.utime(place, ns=(record.st_atime_ns, record.st_mtime_ns))  # the clock of a file system is coarse
    assert images.condition(3).damaged == (2,)


def test_a_restored_folder_is_read_once_and_then_believed(images: PageImages, tmp_path: Path) -> None:
    shutil.copytree(images.folder, tmp_path / "copy" / "renditions" / images.folder.name)
    restored = PageImages.of(tmp_path / "copy", images.folder.name)
    before = time.time() - 1
    for path in restored.folder.rglob("*.webp"):
        os.utime(path, (before, before))
    os.utime(restored.folder / "drawn.json", (0, 0))
    assert restored.condition(3).is_younger
    assert restored.condition(3).is_sound
    restored.confirm()
    assert not restored.condition(3).is_younger


def test_a_record_that_is_gone_is_told(images: PageImages) -> None:
    (images.folder / "drawn.json").unlink()
    assert [kind for kind, _detail in images.condition(3).problems()] == ["ImageUnrecorded"]


@pytest.mark.parametrize("damage", ["random", "empty", "folder"])
def test_beside_a_damaged_record_nothing_is_believed(images: PageImages, damage: str) -> None:
    record = images.folder / "drawn.json"
    if damage == "folder":
        turn_into_folder(record)
    else:
        record.write_bytes(b"" if damage == "empty" else os.urandom(500))
    assert images.find(1) is None
    assert images.condition(3).damaged == (1, 2, 3)
    images.make_room([1, 2, 3])
    images.record(3)
    assert images.condition(3).is_sound


def test_a_changed_digit_in_the_record_is_told_from_a_damaged_image(images: PageImages) -> None:
    """The worker, which does not read every image, finds it by the record alone."""
    record = images.folder / "drawn.json"
    content = bytearray(record.read_bytes())
    place = content.index(b'"2.webp"') + 30
    content[place] = ord("0") if content[place] != ord("0") else ord("1")
    record.write_bytes(content)
    assert images.condition(3).damaged == (1, 2, 3)
    images.record(3)
    assert images.condition(3, thorough=True).is_sound


@pytest.mark.parametrize("name", ["2.webp", "drawn.json"])
def test_what_may_not_be_read_any_more_is_damaged(images: PageImages, name: str) -> None:
    log = call_forked(look_at_unreadable, (images.folder, name), {}, images.folder, 60, is_privileged=False)
    assert log == "seen\n"


def look_at_unreadable(folder: Path, name: str) -> None:
    """For a process of its own, as root may read everything."""
    images = PageImages(folder)
    assert images.find(2) is not None, "and its checksum is known from now on"
    (folder / name).chmod(0)
    assert images.find(2) is None
    assert 2 in images.condition(3).damaged
    print("seen")


def test_images_of_an_older_reading_with_another_count_of_pages(images: PageImages) -> None:
    assert images.condition(4).missing == (4,)
    fewer = images.condition(2)
    assert (fewer.to_draw, fewer.is_sound) == ([], False)
    images.record(2)
    assert images.condition(2).is_sound
    assert sorted(path.name for path in images.folder.rglob("*.webp")) == ["1.webp"] * 2 + ["2.webp"] * 2


def test_images_of_another_version_are_drawn_again_and_shown_until_then(images: PageImages) -> None:
    record = images.folder / "drawn.json"
    told = json.loads(record.read_text())
    del told["sha256"]  # as records of earlier versions
    record.write_text(json.dumps(told | {"drawing": 0}))
    condition = images.condition(3)
    assert condition.outdated == (1, 2, 3)
    assert [kind for kind, _detail in condition.problems()] == ["ImageOutdated"]
    assert images.find(1) is not None


def test_what_cannot_be_drawn_is_remembered_until_it_is_asked_for_again(images: PageImages) -> None:
    images.place(3, "page").unlink()
    assert images.record(3) == [3]
    assert images.condition(3).is_sound
    assert [images.cannot_be_drawn(page) for page in (1, 2, 3)] == [False, False, True]
    assert images.condition(3).problems() == []
    images.forget_undrawn()
    assert images.condition(3).to_draw == [3]


def test_an_image_that_is_drawn_again_in_another_format_is_the_one(
    images: PageImages, tmp_path: Path
) -> None:
    images.place(2, "page").unlink()
    beginning, end = b"\x89PNG\r\n\x1a\n" + bytes(40), b"\x00\x00\x00\x00IEND\xaeB`\x82"
    png = images.folder / "2.png"
    png.write_bytes(beginning)
    assert images.not_drawn([1, 2]) == [2], "it has no end"
    png.write_bytes(beginning + end)
    assert images.record(3) == []
    assert images.find(2) == images.place(2, "page") == png
    assert images.condition(3, thorough=True).is_sound
    (images.folder / "2.webp").write_bytes(image())
    assert images.find(2) == png, "the other one is not on record"
    images.record(3)
    assert not (images.folder / "2.webp").exists()


def test_those_of_an_earlier_version_stay_and_its_large_ones_go(images: PageImages) -> None:
    """Earlier versions drew three WebP files of each page."""
    record = images.folder / "drawn.json"
    told = json.loads(record.read_text())
    large = images.folder / "large" / "1.webp"
    large.parent.mkdir()
    large.write_bytes(image())
    del told["sha256"]
    told["files"]["large/1.webp"] = [large.stat().st_size, "0" * 64]
    record.write_text(json.dumps(told))
    assert images.condition(3, thorough=True).is_sound
    images.drop_large_ones_of_old()
    assert not large.parent.exists()
    assert images.condition(3, thorough=True).is_sound


def test_a_file_in_the_way_of_the_folder_is_put_out_of_it(tmp_path: Path) -> None:
    (tmp_path / "renditions").write_text("in the way")
    images = PageImages.of(tmp_path, "0123456789abcdef")
    images.make_room([1])
    assert (images.folder / "thumbnail").is_dir()
