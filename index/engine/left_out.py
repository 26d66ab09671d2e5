"""Which documents must searches leave out? All except those that the catalogue shows to readers."""

from threading import Lock
from weakref import WeakKeyDictionary

from archive.catalogue.catalogue import Catalogue
from index.engine.contract import Engine

_State = tuple[int, str]
_kept: WeakKeyDictionary[Catalogue, tuple[_State, frozenset[str]]] = WeakKeyDictionary()
"""By catalogue, for each request has an engine of its own; no two states of an index have the same name."""
_lock = Lock()


def left_out(engine: Engine, catalogue: Catalogue) -> frozenset[str]:
    """The documents that the index may hold and readers may not see, whether the catalogue knows them or not:
    an index may be newer, or older, than the catalogue. Kept until one of the two changes."""
    state = catalogue.state(), engine.generation()
    with _lock:
        kept = _kept.get(catalogue)
    if kept is None or kept[0] != state:
        strangers = engine.documents() - catalogue.ready_documents()
        kept = state, catalogue.hidden_documents() | strangers
        with _lock:
            _kept[catalogue] = kept
    return kept[1]
