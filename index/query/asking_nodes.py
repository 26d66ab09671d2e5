"""Which nodes of a query must match in a text of a language? Stop words next to other words need not."""

from collections.abc import Iterator, Sequence

from archive.languages import Language
from index.query import tree
from index.text import analysis


def asking_leaves(node: tree.Node, language: Language) -> Iterator[tree.Node]:
    """The leaves that must match in the text of an entry in `language`."""
    match node:
        case tree.And(children):
            free = free_children(children, language)
            for number, child in enumerate(children):
                if number not in free:
                    yield from asking_leaves(child, language)
        case tree.Or(children):
            for child in children:
                yield from asking_leaves(child, language)
        case tree.Not() | tree.Title():
            return
        case _:
            yield node


def free_children(children: Sequence[tree.Node], language: Language) -> frozenset[int]:
    """The numbers of the children of an And that need not match in `language`: stop words next to others.

    If there are only stop words, they count like any other word.
    """
    stop_words = frozenset(
        number
        for number, child in enumerate(children)
        if isinstance(child, tree.Term) and analysis.is_stop_word(child.word, language)
    )
    others = [
        child
        for number, child in enumerate(children)
        if number not in stop_words and not isinstance(child, tree.Not | tree.Everything)
    ]
    return stop_words if others else frozenset()
