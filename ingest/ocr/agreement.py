"""Decides from what OCR read whether a font names its letters correctly or falsely."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from ingest.fonts.drawn_letters import UNNAMED_LETTER
from ingest.fonts.font_trust import FontTrust
from ingest.ocr.suspected_runs import SuspectedRun
from ingest.ocr.tesseract import mean_confidence

_SURE = 75.0
"""Mean confidence, in per cent, that OCR needs for its text to count against that of the file."""
_LEAST_VOTES = 0.4
"""Part of the suspected letters that OCR must read as their shapes suggest, for the font to be false."""
_AGREES, _FEWEST_LETTERS = 0.5, 6
"""Part of the letters that may agree with the file although the font is false, and the fewest letters to
judge by."""

_POINT = re.compile(r"(?<=\d)[.,](?=\d)")
"""The signs between the groups of digits of a number, or before its decimals."""


def judge(font: int, runs: Sequence[SuspectedRun], trust: FontTrust) -> None:
    """Confirm or clear a font by what OCR read in its runs.

    If that is not enough to decide, a font stays suspected if the shapes of its letters alone are enough
    evidence.
    """
    if trust.is_confirmed(font):
        return
    votes = Counter(vote for run in runs if run.words for vote in _votes(run, trust.false_letters(font)))
    is_other = votes["shape"] > max(votes["file"], _LEAST_VOTES * votes.total())
    if is_other or _is_unlike(runs, votes):
        trust.confirm(font)
    elif votes["file"] >= votes["shape"] or not trust.is_strong(font):
        trust.clear(font)


def _votes(run: SuspectedRun, shapes: Mapping[str, str]) -> Iterator[str]:
    """For each suspected letter of a run, whether OCR read what the file says ("file"), what its shape
    suggests ("shape") or something else ("other"). Nothing if OCR read another number of letters than the
    file has.

    Args:
        shapes: for each suspected letter those that its shape suggests.
    """
    if len(run.file_text) == len(run.ocr_text):
        for letter, read in zip(run.file_text, run.ocr_text, strict=True):
            if shapes.get(letter):
                is_as_in_file = read.lower() == letter.lower()
                yield "file" if is_as_in_file else "shape" if read in shapes[letter] else "other"


def _is_unlike(runs: Sequence[SuspectedRun], votes: Counter[str]) -> bool:
    """Whether the text that OCR read surely is unlike that of the file; only if there are no votes on
    letters."""
    sure = [run for run in runs if mean_confidence(run.words) >= _SURE]
    letters = sum(len(run.file_text) for run in sure)
    alike = sum(
        match.size
        for run in sure
        for match in SequenceMatcher(
            None, run.file_text.lower(), run.ocr_text.lower(), autojunk=False
        ).get_matching_blocks()
    )
    return not votes and letters >= _FEWEST_LETTERS and alike < _AGREES * letters


def spelled(run: SuspectedRun, shapes: Mapping[str, str]) -> list[str] | None:
    """The words of the file with their false letters replaced by those that OCR read.

    None if OCR read letters that the shapes do not suggest. Spaces and signs are those of the file: OCR
    loses points and commas and joins words, while a font with false letters is seldom wrong about signs.
    """
    in_file = [letter for letter in run.file_text if letter.isalnum()]
    by_ocr = [letter for letter in run.ocr_text if letter.isalnum()]
    is_same = len(in_file) == len(by_ocr) and all(
        read in shapes.get(letter, letter) for letter, read in zip(in_file, by_ocr, strict=True)
    )
    if not in_file or not is_same or UNNAMED_LETTER.search(run.file_text):
        return None
    read = iter(by_ocr)
    texts = ["".join(next(read) if sign.isalnum() else sign for sign in text) for text in run.texts]
    points, points_by_ocr = _POINT.findall("".join(texts)), _POINT.findall(run.ocr_text)
    return None if len(points) == len(points_by_ocr) and points != points_by_ocr else texts
