"""Files that appear as a whole or not at all."""

from pathlib import Path

import pytest

from archive.files.durable_files import synchronise, whole_file


@pytest.mark.parametrize("is_durable", [False, True])
def test_readers_see_the_old_file_until_the_new_one_is_whole(tmp_path: Path, is_durable: bool) -> None:
    path, beside = tmp_path / "words", tmp_path / "words.part"
    path.write_bytes(b"old")
    with whole_file(path, beside, is_durable=is_durable) as file:
        file.write(b"new, and longer")
        file.flush()
        assert (path.read_bytes(), beside.read_bytes()) == (b"old", b"new, and longer")
    assert path.read_bytes() == b"new, and longer"
    assert list(tmp_path.iterdir()) == [path]


def test_what_fails_in_the_middle_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path, beside = tmp_path / "words", tmp_path / "words.part"
    path.write_bytes(b"old")
    with pytest.raises(TypeError), whole_file(path, beside) as file:
        file.writelines([b"ne", None])  # type: ignore[list-item]
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_writer_left_is_written_over(tmp_path: Path) -> None:
    path, beside = tmp_path / "words", tmp_path / "words.part"
    beside.write_bytes(b"left by a killed process, and longer than what comes")
    with whole_file(path, beside) as file:
        file.write(b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_to_synchronise_what_is_missing_is_an_error(tmp_path: Path) -> None:
    synchronise(tmp_path)
    with pytest.raises(FileNotFoundError):
        synchronise(tmp_path / "missing")
