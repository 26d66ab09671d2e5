"""What is known of each entry besides its terms: one array for each property. Does not know Whoosh."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Strings = NDArray[np.str_]
Integers = NDArray[np.int32]
Mask = NDArray[np.bool_]
"""Which of all entries."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The entries of a segment or of a whole index, entry number by entry number.

    A document, revision, plan or kind is a number into the list of names beside it; -1 is none.
    """

    document: Integers
    document_names: Strings
    revision: Integers
    revision_names: Strings
    plan: Integers
    plan_names: Strings
    kind: Integers
    kind_names: Strings
    language: Integers
    """Place in :data:`archive.languages.LANGUAGES`."""
    year: Integers
    """0: unknown."""
    page: Integers
    length: Integers
    """Of the text, in words."""
    lettered: Integers
    """Of these words, those with a letter: numbers are none."""

    def __len__(self) -> int:
        return len(self.page)


def joined(parts: Sequence[Columns]) -> Columns:
    """The columns of several segments as those of one index; names come out sorted, each once."""
    joined_columns: dict[str, NDArray[np.generic]] = {}
    for name in ("document", "revision", "plan", "kind"):
        names = np.unique(np.concatenate([getattr(part, f"{name}_names") for part in parts] or [[""][:0]]))
        renumbered = [
            # a last place that -1 finds, so that none stays none
            np.append(np.searchsorted(names, getattr(part, f"{name}_names")), -1)[getattr(part, name)]
            for part in parts
        ]
        joined_columns[f"{name}_names"] = names
        joined_columns[name] = _concatenated(renumbered)
    for name in ("language", "year", "page", "length", "lettered"):
        joined_columns[name] = _concatenated([getattr(part, name) for part in parts])
    return Columns(**joined_columns)  # type: ignore[arg-type]


def _concatenated(arrays: Sequence[NDArray[np.integer]]) -> Integers:
    return np.concatenate(arrays).astype(np.int32) if arrays else np.empty(0, np.int32)
