"""Restores damaged or missing originals from a folder that contains their bytes, such as a backup."""

import os
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from archive.catalogue.catalogue import Catalogue
from archive.errors import ServiceUnavailable
from archive.originals import Originals


def put_back(
    catalogue: Catalogue,
    originals: Originals,
    documents: Collection[str],
    folder: Path,
    tell: Callable[[str], None],
) -> None:
    """Put the originals of `documents` back from files in `folder` with the same size and the same bytes,
    such as the originals of a backup or the file in a bag, whatever their names.

    Nothing else is changed, and nothing is deleted except the damaged bytes that are replaced.

    Args:
        tell: called with a sentence for each original that was put back, or could not be, for example because
            a folder is in its place.
    """
    wanted = [catalogue.document(identifier) for identifier in dict.fromkeys(documents)]
    for path in _files(folder):
        if not wanted:
            return
        size = path.stat().st_size
        for document in [one for one in wanted if one.size == size]:
            try:
                if not originals.put_back(document.sha256, path):
                    continue
                tell(f"The original of {document.id} is put back from {path}.")
            except ServiceUnavailable as error:
                tell(f"The original of {document.id} is not put back: {error.message}")
            wanted.remove(document)
            break


def _files(folder: Path) -> Iterator[Path]:
    for place, _folders, names in os.walk(folder):
        for path in (Path(place, name) for name in names):
            if path.is_file():
                yield path
