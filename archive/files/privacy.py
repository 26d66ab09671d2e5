"""Lets only the owner look into the folder of an archive.

The folder holds what readers may not see: withdrawn documents, accounts, the key of sessions. Originals stay
readable by all as files, inside a folder that only the owner can enter.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path

from sqlalchemy import make_url

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_OF_SQLITE = ("", "-wal", "-shm", "-journal")
"""Suffixes of the files of a SQLite database."""


def keep_private(data: Path, database_url: str) -> None:
    """Remove the right of other users to read the folder `data`, the secrets in it, and the catalogue.

    Files of other owners, and read-only copies, are left as they are.
    """
    with suppress(OSError):  # whoever needs to write there will say so
        data.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
    url = make_url(database_url)
    catalogue = url.database if url.get_backend_name() == "sqlite" else None
    private = [data, data / "session.key"]
    private += [Path(f"{catalogue}{ending}") for ending in _OF_SQLITE if catalogue]
    for path in private:
        with suppress(OSError):  # it is not there, or on a disk that cannot be written
            _take_from_others(path)


def _take_from_others(path: Path) -> None:
    status = path.stat()
    mode = stat.S_IMODE(status.st_mode)
    is_private = not mode & _OTHERS
    is_read_only = not mode & stat.S_IWUSR
    if is_private or is_read_only or status.st_uid != os.geteuid() or _is_shared(path, mode):
        return
    path.chmod(mode & ~_OTHERS)


def _is_shared(path: Path, mode: int) -> bool:
    """Whether a folder is shared: everybody may write to it, or it is the root folder."""
    return bool(mode & stat.S_ISVTX) or path == path.parent
