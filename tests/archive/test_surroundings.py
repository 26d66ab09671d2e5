"""What was behind an error: the machine, or what was being done?"""

import errno
import os
from pathlib import Path

import pytest

from archive.errors import BadInputFile, ServiceUnavailable
from archive.surroundings import (
    NoMeans,
    NoMemory,
    NoRoom,
    free_room,
    machine_troubles_as_errors,
    require_room,
    trouble_behind,
)


def wrapped(number: int) -> Exception:
    """An error of the system as a library passes it on: from its own, raised while handling another."""
    try:
        try:
            try:
                raise OSError(number, os.strerror(number), "/archive/work/page.png")
            except OSError:
                raise UnboundLocalError("f") from None
        except UnboundLocalError as error:
            raise BadInputFile("The reader cannot make sense of this file.") from error
    except BadInputFile as error:
        return error


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, NoRoom),
        (errno.EDQUOT, NoRoom),
        (errno.ENOMEM, NoMemory),
        (errno.EMFILE, NoMeans),
        (errno.ENFILE, NoMeans),
        (errno.EROFS, NoMeans),
    ],
)
def test_trouble_of_the_machine_is_found_behind_other_errors(
    number: int, kind: type[ServiceUnavailable]
) -> None:
    trouble = trouble_behind(wrapped(number))
    assert type(trouble) is kind
    assert os.strerror(number) in trouble.message
    assert "page.png" in trouble.message
    assert "Nothing is lost" in trouble.hint


@pytest.mark.parametrize("number", [errno.EFBIG, errno.ENOENT, errno.EIO, errno.EACCES])
def test_what_may_be_the_fault_of_a_file_is_no_trouble_of_the_machine(number: int) -> None:
    assert trouble_behind(wrapped(number)) is None


def test_other_errors_pass_as_they_are() -> None:
    with pytest.raises(FileNotFoundError), machine_troubles_as_errors():
        raise FileNotFoundError(errno.ENOENT, "gone")
    with pytest.raises(NoRoom), machine_troubles_as_errors():
        raise OSError(errno.ENOSPC, "No space left on device")


def test_an_error_that_was_raised_from_itself_is_looked_at_once() -> None:
    error = ValueError("round")
    error.__cause__ = error.__context__ = error
    assert trouble_behind(error) is None


def test_room_is_asked_of_the_disk(tmp_path: Path) -> None:
    assert free_room(tmp_path / "not" / "there") == 0
    require_room(tmp_path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(NoRoom) as refusal:
        require_room(tmp_path, free_room(tmp_path) + 2**40)
    assert "MiB are free" in refusal.value.message
