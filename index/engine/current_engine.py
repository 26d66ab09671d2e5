"""The engine of the current generation of the index.

It follows every commit and every rebuild, and checks the files before each search, because they may be
damaged or replaced at any time.
"""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Literal, TypeVar

from archive.errors import TerugblikError
from archive.languages import Language
from index.engine import generations
from index.engine.contract import (
    CountedBy,
    CountedForms,
    Filters,
    Hit,
    Result,
    SearchRequest,
    WalkOrder,
    WordTotal,
)
from index.engine.manifest import Guard
from index.engine.whoosh_index.whoosh_engine import WhooshEngine
from index.errors import IndexDamaged, IndexMissing, IndexUnusable
from index.query.tree import Query

_ATTEMPTS = 5
"""How often a state is opened that a writer replaces at that moment."""

Answer = TypeVar("Answer")


class CurrentEngine:
    """The engine of whichever generation is current, see :class:`index.engine.contract.Engine`.

    Files are compared with the manifest before they are opened, and their sizes and times before each search,
    so damage is told as such and never answered from. What is found damaged leaves a hint for the worker.
    """

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self._folder = folder
        self._fingerprint = fingerprint
        self._switching = threading.Lock()
        with self._hinting():
            self._guard, self._engine = self._open()

    @contextmanager
    def _hinting(self) -> Iterator[None]:
        try:
            yield
        except IndexUnusable:
            generations.leave_hint(self._folder)
            raise

    def _open(self) -> tuple[Guard, WhooshEngine]:
        for _ in range(_ATTEMPTS):
            stamp = generations.stamp(self._folder)
            guard = Guard(generations.current(self._folder, self._fingerprint))
            try:
                guard.verify()
                return guard, self._of_sound_files(guard, lambda guard: WhooshEngine(guard.generation, guard))
            except (IndexDamaged, FileNotFoundError) as error:
                if generations.stamp(self._folder) != stamp:
                    continue  # a writer replaced what was being opened
                if isinstance(error, IndexDamaged):
                    raise
                break
        raise IndexMissing(f"The index in {self._folder} is gone, or not complete.")

    def refresh(self) -> None:
        """Go on with the newest committed state of the current generation.

        Raises:
            IndexMissing, IndexMismatch, IndexDamaged: it is gone, was made by other rules, or is damaged.
        """
        with self._switching, self._hinting():
            if generations.current(self._folder, self._fingerprint) == self._guard.generation:
                try:
                    self._guard.verify()
                    self._of_sound_files(self._guard, lambda guard: self._engine.refresh())
                    return
                except FileNotFoundError:
                    pass
                except IndexDamaged:
                    if generations.current(self._folder, self._fingerprint) == self._guard.generation:
                        raise
            self._guard, self._engine = self._open()

    def pinned(self) -> "CurrentEngine":
        """See :meth:`index.engine.contract.LiveEngine.pinned`."""
        with self._switching:
            pinned = copy(self)
            pinned._engine = self._engine.pinned()
            return pinned

    def _of_sound_files(self, guard: Guard, ask: Callable[[Guard], Answer]) -> Answer:
        """What `ask` gives. An error that damaged files explain is told as damage; any other is ours."""
        try:
            return ask(guard)
        except (TerugblikError, FileNotFoundError):
            raise
        except Exception as error:
            if damage := guard.damage(anew=True):
                raise IndexDamaged(damage[0]) from error
            raise

    def _answer(self, ask: Callable[[WhooshEngine], Answer]) -> Answer:
        engine, guard = self._engine, self._guard
        try:
            return ask(engine)
        except TerugblikError:
            raise
        except Exception as error:
            with self._switching, self._hinting():
                if damage := guard.damage(anew=True):
                    raise IndexDamaged(damage[0]) from error
            raise

    def search(self, request: SearchRequest) -> Result:
        """Find the entries that match."""
        return self._answer(lambda engine: engine.search(request))

    def walk(
        self, query: Query, filters: Filters, left_out: frozenset[str], order: WalkOrder = "document"
    ) -> Iterator[Hit]:
        """See :meth:`index.engine.contract.Engine.walk`."""
        return self._answer(lambda engine: engine.walk(query, filters, left_out, order))

    def count_by(
        self, query: Query, filters: Filters, left_out: frozenset[str], by: CountedBy
    ) -> Mapping[str, int]:
        """See :meth:`index.engine.contract.Engine.count_by`."""
        return self._answer(lambda engine: engine.count_by(query, filters, left_out, by))

    def matches(self, query: Query, language: Language, text: str) -> list[tuple[int, int]]:
        """The stretches of `text` that made an entry in `language` match."""
        return self._answer(lambda engine: engine.matches(query, language, text))

    def counted_forms(self, query: Query, filters: Filters, left_out: frozenset[str]) -> CountedForms | None:
        """How often a query occurs, without reading a text."""
        return self._answer(lambda engine: engine.counted_forms(query, filters, left_out))

    def counts(self, words: Collection[str]) -> Mapping[str, int]:
        """See :meth:`index.engine.contract.Engine.counts`."""
        return self._answer(lambda engine: engine.counts(words))

    def spellings(
        self, word: str, left_out: frozenset[str], typos: Literal[0, 1, 2] = 1
    ) -> Mapping[str, int]:
        """See :meth:`index.engine.contract.Engine.spellings`."""
        return self._answer(lambda engine: engine.spellings(word, left_out, typos))

    def word_totals(self, filters: Filters, left_out: frozenset[str]) -> Iterator[WordTotal]:
        """See :meth:`index.engine.contract.Engine.word_totals`."""
        return self._answer(lambda engine: engine.word_totals(filters, left_out))

    def revisions(self) -> frozenset[str]:
        """See :meth:`index.engine.contract.Engine.revisions`."""
        return self._answer(lambda engine: engine.revisions())

    def generation(self) -> str:
        """Names the committed state that searches are answered from."""
        return self._engine.generation()
