"""Words that are one typo apart: a letter missing, added, changed, or swapped with the next."""

from rapidfuzz.distance import OSA


def is_near(word: str, other: str, typos: int) -> bool:
    """Whether two words differ by at most so many typos."""
    return OSA.distance(word, other, score_cutoff=typos) <= typos


def is_one_typo_from(word: str, other: str) -> bool:
    """Whether two words differ by at most one typo."""
    return is_near(word, other, 1)
