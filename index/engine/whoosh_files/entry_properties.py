"""What is known of each entry besides its terms: one array for each property. Does not know Whoosh."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from archive.languages import LANGUAGES
from index.engine.contract import Entry

Strings = NDArray[np.str_]
Integers = NDArray[np.int32]
Mask = NDArray[np.bool_]
"""Which of all entries."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The entries of a segment or of a whole index, entry number by entry number.

    A document, plan or kind is a number into the list of names beside it; -1 is none.
    """

    document: Integers
    document_names: Strings
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


class ColumnsBuilder:
    """Collects the columns of a segment, entry after entry."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, ...]] = []
        self._names: tuple[dict[str, int], ...] = ({}, {}, {})

    def add(self, entry: Entry, length: int, lettered: int) -> None:
        """Add the next entry, whose text has `length` words, `lettered` of them with a letter."""
        documents, plans, kinds = self._names
        self._rows.append(
            (
                documents.setdefault(entry.document, len(documents)),
                -1 if entry.plan is None else plans.setdefault(entry.plan, len(plans)),
                kinds.setdefault(entry.kind, len(kinds)),
                LANGUAGES.index(entry.language),
                entry.year or 0,
                entry.page,
                length,
                lettered,
            )
        )

    def columns(self) -> Columns:
        """All entries so far."""
        rows = np.array(self._rows, np.int32).reshape(len(self._rows), 8)
        document, plan, kind, language, year, page, length, lettered = (column.copy() for column in rows.T)
        documents, plans, kinds = (np.array(list(names), np.str_) for names in self._names)
        return Columns(document, documents, plan, plans, kind, kinds, language, year, page, length, lettered)


def encode(columns: Columns) -> bytes:
    """Write columns as bytes (NumPy's .npz format)."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{field.name: getattr(columns, field.name) for field in fields(Columns)})
    return buffer.getvalue()


def decode(data: bytes) -> Columns:
    """Read what :func:`encode` wrote."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return Columns(**{field.name: arrays[field.name] for field in fields(Columns)})


def joined(parts: Sequence[Columns]) -> Columns:
    """The columns of several segments as those of one index; names come out sorted, each once."""
    joined_columns: dict[str, NDArray[np.generic]] = {}
    for name in ("document", "plan", "kind"):
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


def taken(columns: Columns, kept: Mask) -> Columns:
    """Only the kept entries; the lists of names keep the names of those that went."""
    return Columns(
        **{
            field.name: getattr(columns, field.name)
            if field.name.endswith("_names")
            else getattr(columns, field.name)[kept]
            for field in fields(Columns)
        }
    )


def _concatenated(arrays: Sequence[NDArray[np.integer]]) -> Integers:
    return np.concatenate(arrays).astype(np.int32) if arrays else np.empty(0, np.int32)
