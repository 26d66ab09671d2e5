"""Does what OCR read agree with what a font says, or with the letters that it draws?"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from ingest.fonts.drawn_letters import UNNAMED_LETTER
from ingest.fonts.font_trust import FontTrust
from ingest.ocr.suspected_runs import SuspectedRun
from ingest.ocr.tesseract import mean_confidence

_SURE = 75.0
"""Confidence, in per cent, from which a reading speaks against what a font says."""
_LEAST_VOTES = 0.4
"""Part of the letters in question that must be read as they are drawn, for a font to be found lying."""
_AGREES, _FEWEST_LETTERS = 0.5, 6
"""Part of the letters that may be as the file says where it lies, and letters that are enough to tell."""

_POINT = re.compile(r"(?<=\d)[.,](?=\d)")
"""What parts the groups or the decimals of a number."""


def judge(font: int, runs: Sequence[SuspectedRun], trust: FontTrust) -> None:
    """Confirm that a font lies, or clear it, by what was read; where that says neither, it stays suspected if
    the shapes of its letters alone say enough."""
    if trust.is_confirmed(font):
        return
    votes = Counter(vote for run in runs if run.words for vote in _votes(run, trust.false_letters(font)))
    is_other = votes["drawn"] > max(votes["said"], _LEAST_VOTES * votes.total())
    if is_other or _is_unlike(runs, votes):
        trust.confirm(font)
    elif votes["said"] >= votes["drawn"] or not trust.is_strong(font):
        trust.clear(font)


def _votes(run: SuspectedRun, shapes: Mapping[str, str]) -> Iterator[str]:
    """For each letter in question, whether it was read as it is "said" to be, as it is "drawn" or as an
    "other" one; none where not as many letters were read as are said."""
    if len(run.said) == len(run.seen):
        for said, seen in zip(run.said, run.seen, strict=True):
            if shapes.get(said):
                is_said = seen.lower() == said.lower()
                yield "said" if is_said else "drawn" if seen in shapes[said] else "other"


def _is_unlike(runs: Sequence[SuspectedRun], votes: Counter[str]) -> bool:
    """Where no letter stands by letter: whether what was surely read is another text than what is said."""
    sure = [run for run in runs if mean_confidence(run.words) >= _SURE]
    letters = sum(len(run.said) for run in sure)
    alike = sum(
        match.size
        for run in sure
        for match in SequenceMatcher(
            None, run.said.lower(), run.seen.lower(), autojunk=False
        ).get_matching_blocks()
    )
    return not votes and letters >= _FEWEST_LETTERS and alike < _AGREES * letters


def spelled(run: SuspectedRun, shapes: Mapping[str, str]) -> list[str] | None:
    """The words that a run says, with the letters that were read in the place of false ones; None if these
    are not those that the font draws. OCR loses points and commas, and glues what stands apart, but a font
    that calls its letters by others seldom does so with its signs."""
    said = [letter for letter in run.said if letter.isalnum()]
    seen = [letter for letter in run.seen if letter.isalnum()]
    is_same = len(said) == len(seen) and all(
        read in shapes.get(letter, letter) for letter, read in zip(said, seen, strict=True)
    )
    if not said or not is_same or UNNAMED_LETTER.search(run.said):
        return None
    read = iter(seen)
    texts = ["".join(next(read) if sign.isalnum() else sign for sign in text) for text in run.texts]
    points, points_seen = _POINT.findall("".join(texts)), _POINT.findall(run.seen)
    return None if len(points) == len(points_seen) and points != points_seen else texts
