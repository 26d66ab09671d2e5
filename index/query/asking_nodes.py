"""Which nodes of a query ask for something of a text in a language? Stop words beside other words do not."""

from collections.abc import Iterator, Sequence

from archive.languages import Language
from index.query import tree
from index.text import analysis


def asking_leaves(node: tree.Node, language: Language) -> Iterator[tree.Node]:
    """The leaves that ask for something in the text of an entry in `language`."""
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
    """Which children of an And ask nothing of an entry in `language`: stop words beside other words.

    Where nothing else is asked, stop words are words like any other.
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
