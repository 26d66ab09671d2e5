"""What must searches leave out? All that the index holds, except of documents that readers may see."""

from threading import Lock
from typing import NamedTuple
from weakref import WeakKeyDictionary

from archive.catalogue.catalogue import Catalogue
from index.engine.contract import Engine, document_of


class _States(NamedTuple):
    """A state of the catalogue and one of the index."""

    of_catalogue: int
    of_index: str


_kept: WeakKeyDictionary[Catalogue, tuple[_States, frozenset[str]]] = WeakKeyDictionary()
_lock = Lock()


def left_out(engine: Engine, catalogue: Catalogue, state: int | None = None) -> frozenset[str]:
    """The revisions in the index of documents that readers may not see.

    The catalogue may know these documents or not: an index may be newer, or older, than the catalogue. They
    are few: documents that are being read or have just been withdrawn. This is true of the state that
    `engine` answers from; where others may refresh it, ask a pinned one
    (:meth:`index.engine.contract.LiveEngine.pinned`).

    Args:
        state: the state of the catalogue, if the caller has read it already.
    """
    states = _States(catalogue.state() if state is None else state, engine.generation())
    with _lock:
        kept = _kept.get(catalogue)
    if kept is None or kept[0] != states:
        shown = catalogue.ready_documents()
        hidden = frozenset(each for each in engine.revisions() if document_of(each) not in shown)
        kept = states, hidden
        if engine.generation() == states.of_index:
            with _lock:
                _kept[catalogue] = kept
    return kept[1]
