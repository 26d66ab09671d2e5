"""Which documents must searches leave out? All except those that the catalogue shows to readers."""

from threading import Lock
from weakref import WeakKeyDictionary

from archive.catalogue.catalogue import Catalogue
from index.engine.contract import Engine

_State = tuple[Catalogue, int, str]
_kept: WeakKeyDictionary[Engine, tuple[_State, frozenset[str]]] = WeakKeyDictionary()
_lock = Lock()


def left_out(engine: Engine, catalogue: Catalogue) -> frozenset[str]:
    """The documents that the index may hold and readers may not see, whether the catalogue knows them or not:
    an index may be newer, or older, than the catalogue. Kept until one of the two changes."""
    state = catalogue, catalogue.state(), engine.generation()
    with _lock:
        kept = _kept.get(engine)
    if kept is None or kept[0] != state:
        strangers = engine.documents() - catalogue.ready_documents()
        kept = state, catalogue.hidden_documents() | strangers
        with _lock:
            _kept[engine] = kept
    return kept[1]
