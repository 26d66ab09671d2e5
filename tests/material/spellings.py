"""All spellings of a word that one typo gives."""

from collections.abc import Iterable


def spellings_one_typo_from(word: str, alphabet: Iterable[str]) -> set[str]:
    """`word` and all spellings with one letter removed, added, changed or swapped with the next."""
    splits = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    spellings = {word}
    spellings.update(head + tail[1:] for head, tail in splits if tail)
    spellings.update(head + tail[1] + tail[0] + tail[2:] for head, tail in splits if len(tail) > 1)
    for letter in alphabet:
        spellings.update(head + letter + tail for head, tail in splits)
        spellings.update(head + letter + tail[1:] for head, tail in splits if tail)
    spellings.discard("")
    return spellings
