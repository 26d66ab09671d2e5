"""Read anew what a page's lying fonts draw, and put it in the place of what they say.

The words in question are cut out of the image of the page, read by OCR, and compared with what the file says:
where both agree, the font was suspected wrongly and its words stay.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import numpy as np
from PIL import Image

from archive.languages import Language
from ingest.doubt import doubtful
from ingest.drawn_letters import UNNAMED_LETTER
from ingest.font_trust import FontTrust
from ingest.ocr import OcrWord, mean_confidence
from ingest.page_text import Integers, Mask, PageText
from ingest.scan_cells import FIGURES
from ingest.scan_lines import ScanLine
from ingest.scan_sheet import Ink, ink_of, read_inks
from ingest.suspected_runs import TALLEST, Run, runs_of
from ingest.words import is_number

_SURE = 75.0
"""Confidence, in per cent, below which a figure is looked at again."""
_LEAST_VOTES = 0.4
"""Part of the letters in question that must be read as they are drawn, for a font to be found lying."""
_AGREES, _FEWEST_LETTERS = 0.5, 6
"""Part of the letters that may be as the file says where it lies, and letters that are enough to tell."""


@dataclass(frozen=True, slots=True)
class SecondReading:
    """What became of the suspected words of a page."""

    page: PageText
    read: int = 0
    """Runs of words that were read anew."""
    unread: int = 0
    """Runs that lie, and could not be read: they are marked as doubtful."""


def read_anew(
    page: PageText,
    suspects: Mask,
    trust: FontTrust,
    image: Image.Image,
    languages: Sequence[Language],
    seconds: float,
) -> SecondReading:
    """The page with its suspected words read in its image, where its fonts lie. No run of Tesseract takes
    more than `seconds`.

    Raises:
        OcrFailed: Tesseract crashed, took too long or printed nonsense.
    """
    runs = list(runs_of(page, suspects))
    points = page.width / image.width
    _read(runs, image, points, languages, seconds)
    by_font: defaultdict[int, list[Run]] = defaultdict(list)
    for run in runs:
        by_font[int(page.fonts[run.rows[0]])].append(run)
    for font, of in by_font.items():
        _judge(font, of, trust)
    lying = [run for run in runs if trust.false_letters(int(page.fonts[run.rows[0]]))]
    read = [run for run in lying if run.words]
    unread = [run for run in lying if not run.words]
    rows = np.array([row for run in unread for row in run.rows], dtype=np.int64)
    return SecondReading(_replaced(_marked(page, rows), read, trust, points), len(read), len(unread))


def left_unread(page: PageText, suspects: Mask, trust: FontTrust) -> SecondReading:
    """The page with its suspected words marked, where the shapes of their letters alone say enough."""
    is_strong = np.array([trust.is_strong(font) for font in page.fonts.tolist()], dtype=np.bool_)
    rows = np.flatnonzero(suspects & is_strong)
    return SecondReading(_marked(page, rows), unread=len(rows))


def _marked(page: PageText, rows: Integers) -> PageText:
    """The page with these words marked as doubtful; a code without a character is given as an unknown one."""
    is_doubtful = page.doubtful.copy()
    is_doubtful[rows] = True
    texts = [text if text.isascii() else UNNAMED_LETTER.sub("\ufffd", text) for text in page.texts]
    return replace(page, texts=texts, doubtful=is_doubtful)


def _read(
    runs: Sequence[Run], image: Image.Image, points: float, languages: Sequence[Language], seconds: float
) -> None:
    """Read what stands in the place of each run."""
    pixels = np.asarray(image)
    inks = []
    for number, run in enumerate(runs):
        left, top, right, bottom = (max(0, round(side / points)) for side in run.box)
        part = pixels[top:bottom, left:right]
        if min(part.shape) < 4:
            continue
        black, is_ink = ink_of(part)
        rows, columns = np.flatnonzero(is_ink.any(axis=1)), np.flatnonzero(is_ink.any(axis=0))
        if len(rows):
            y0, y1, x0, x1 = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
            box = left + x0, top + y0, left + x1, top + y1
            inks.append((Ink(number, run.box[1], box, Image.fromarray(black[y0:y1, x0:x1])), run.turn))
    for number, readings in read_inks(inks, languages, seconds).items():
        runs[number].words = _words(readings)
    figures = [(ink, turn) for ink, turn in inks if _is_weak_figure(runs[ink.place])]
    for number, readings in read_inks(figures, languages, seconds, FIGURES).items():
        runs[number].words = _words(readings)


def _words(readings: Sequence[Sequence[ScanLine]]) -> list[OcrWord]:
    return [word for line in readings[0] for word in line.words]


def _is_weak_figure(run: Run) -> bool:
    """Whether a run says that it is of figures, but was not read as such, or not surely."""
    return all(is_number(text) for text in run.texts) and not all(
        is_number(word.text) and word.confidence >= _SURE for word in run.words
    )


def _judge(font: int, runs: Sequence[Run], trust: FontTrust) -> None:
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


def _votes(run: Run, shapes: Mapping[str, str]) -> Iterator[str]:
    """For each letter in question, whether it was read as it is "said" to be, as it is "drawn" or as an
    "other" one; none where not as many letters were read as are said."""
    if len(run.said) == len(run.seen):
        for said, seen in zip(run.said, run.seen, strict=True):
            if said in shapes:
                is_said = seen.lower() == said.lower()
                yield "said" if is_said else "drawn" if seen in shapes[said] else "other"


def _is_unlike(runs: Sequence[Run], votes: Counter[str]) -> bool:
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


def _replaced(page: PageText, runs: Sequence[Run], trust: FontTrust, points: float) -> PageText:
    """The page with the words that were read in the place of those that were said."""
    if not runs:
        return page
    words = [(run, word) for run in runs for word in run.words]
    models = page.take(np.array([run.rows[0] for run, _ in words], dtype=np.int64))
    boxes = points * np.array([word.box for _, word in words], dtype=np.float64)
    descents = models.descents.copy()
    for place, (run, _) in enumerate(words):
        high = models.boxes[place, 3] - models.boxes[place, 1]
        if run.turn == 0 and high <= TALLEST * models.sizes[place]:
            # Words of a line keep its height, whatever letters they have.
            boxes[place, [1, 3]] = models.boxes[place, [1, 3]]
        else:
            descents[place] = 0.0
    new = replace(
        models,
        texts=[word.text for _, word in words],
        boxes=boxes,
        descents=descents,
        doubtful=_in_doubt(runs, page.fonts, trust),
    )
    gone = np.zeros(len(page.texts), dtype=np.bool_)
    gone[[row for run in runs for row in run.rows]] = True
    kept = np.flatnonzero(~gone)
    firsts = np.array([run.rows[0] for run, _ in words], dtype=np.int64)
    order = np.argsort(np.concatenate([kept, firsts]), kind="stable")
    return page.take(kept).followed_by(new).take(order)


def _in_doubt(runs: Sequence[Run], fonts: Integers, trust: FontTrust) -> Mask:
    """For each word read, run after run, whether it may be another one: OCR doubts it, or the shapes of its
    letters do."""
    found = []
    for run in runs:
        by_shape = _by_shape(run, trust.false_letters(int(fonts[run.rows[0]])))
        by_ocr = doubtful(run.words)
        found += [
            shape == "other" or (ocr and shape != "same") for shape, ocr in zip(by_shape, by_ocr, strict=True)
        ]
    return np.array(found, dtype=np.bool_)


def _by_shape(run: Run, shapes: Mapping[str, str]) -> list[str]:
    """Of each word read: whether its letters are the "same" as those that the font draws, or an "other" one
    is among them; empty where that cannot be told."""
    if len(run.said) != len(run.seen):
        return [""] * len(run.words)
    told, place = [], 0
    for word in run.words:
        said = run.said[place : place + len(word.text)]
        place += len(word.text)
        pairs = [(shapes[one], other) for one, other in zip(said, word.text, strict=True) if one in shapes]
        is_other = any(other not in may_be for may_be, other in pairs if other.isalnum())
        letters = sum(map(str.isalnum, word.text))
        told.append("other" if is_other else "same" if letters and len(pairs) >= letters else "")
    return told
