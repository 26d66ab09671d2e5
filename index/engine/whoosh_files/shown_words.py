"""Which words may be shown to readers, as suggestions or forms? Those of existing entries of visible
documents.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np

from index.engine.whoosh_files import schema
from index.engine.whoosh_files.snapshot import Snapshot


class ShownWords(Mapping[str, int]):
    """Every word of the texts, accents folded, with the number of entries that hold it.

    Looking a word up is exact: it is not there if only hidden documents have it, or removed entries, whose
    posting lists stay until segments are joined. To go through all words may give such words too.
    """

    def __init__(self, snapshot: Snapshot, hidden: frozenset[str]) -> None:
        """The words of a snapshot without those that only documents in `hidden` have."""
        self._all = snapshot.vocabulary
        names = snapshot.columns.document_names.tolist()
        is_hidden = np.array([name in hidden for name in names], np.bool_)
        shown = snapshot.live.copy()
        if hidden and names:
            shown &= ~is_hidden[snapshot.columns.document]
        places = pairwise(snapshot.bases)
        self._parts = [
            (segment, shown[start:end])
            for segment, (start, end) in zip(snapshot.segments, places, strict=True)
        ]
        self._fields = [schema.word_field("text", language) for language in snapshot.languages]

    def __getitem__(self, folded: str) -> int:
        if folded not in self._all:
            raise KeyError(folded)
        count = 0
        for segment, shown in self._parts:
            for field in self._fields:
                numbers = segment.vocabulary(field).numbers({folded})
                count += int(np.count_nonzero(shown[segment.counted(field, numbers)[1].ids]))
        if not count:
            raise KeyError(folded)
        return count

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)
