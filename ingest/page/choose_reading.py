"""Reads the pages of a document one by one: from the text layer if it can be trusted, otherwise by OCR.

If the text layer is unhealthy, both readings are made and the healthier one is kept.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PIL import Image

from archive.languages import LANGUAGES, Language
from archive.reading_warnings import ReadingWarning, WarningCode
from archive.records import Health, OcrInstruction, ReadingChoice, ReadingKind
from ingest.drawn_words import PageText
from ingest.language.block_language import votes_of
from ingest.ocr.borne_out import borne_out
from ingest.ocr.deskew import Slant, straighten
from ingest.ocr.scan import Scan, recognise
from ingest.ocr.second_reading import SecondReading, left_unread, read_anew
from ingest.ocr.tesseract import INSTALL, OcrFailed, is_available, is_picture, is_unmapped
from ingest.page.pdf_words import PageUnreadable, PdfFile
from ingest.page.reading_health import LEAST, best_health, health, speaking_against

_ENOUGH_WORDS = 100
"""A healthy page with more words than this is not a mere picture, whatever else it shows."""
_COARSEST, _FINEST = 150.0, 300.0
"""Resolutions for OCR, in dots an inch; between them that of the image itself is best."""
_LONGEST_SIDE = 5000
"""Pixels of an image for OCR."""
_BETTER = 0.03
"""Health that OCR must gain on a text layer: where both are nearly as good, OCR errs in names and numbers."""
_AS_MUCH = 0.5
"""Part of an unhealthy text layer's letters that OCR must find, or it did not see the page."""
_MORE = 1.5
"""Times the words of a healthy text layer that OCR must find in the picture under it to be worth more."""
_SECOND_READING_SECONDS = 60.0
"""Most time for one run of Tesseract on some of the words of a page."""
_MOST_IN_DOUBT = 150
"""Words that are read one by one, at most; it is quicker to read a page that has more as a whole."""
_DOUBTFUL = 0.75
"""Health of the kept reading below which people are warned."""
_FEWEST_VOTES, _LEAST_SHARE = 60, 0.05
"""Stop words seen so far that make a document's languages known, and the part that a language has of them."""
_UNKNOWN_SIZE = (595.0, 842.0)
"""A4, for a page that cannot be loaded."""


@dataclass(frozen=True, slots=True)
class _Problem:
    """What went wrong with pages, and what the warning names besides them."""

    code: WarningCode
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SeenPage:
    """The words of a page, and where they came from."""

    words: PageText
    """Of a slanted scan: in the upright frame."""
    health: Health
    source: ReadingKind = "text layer"
    needs_ocr: bool = False
    slant: Slant | None = None

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page as given, in points."""
        return self.slant.given if self.slant else (self.words.width, self.words.height)


class PageReader:
    """Reads the pages of an open PDF, each by its text layer or by OCR.

    Args:
        ocr_seconds: most time for OCR of all pages together.
        instructions: the pages (physical numbers) for which OCR is forced or forbidden.
    """

    def __init__(
        self, pdf: PdfFile, ocr_seconds: float, instructions: Mapping[int, OcrInstruction] | None = None
    ) -> None:
        self._pdf = pdf
        self._ocr_seconds = ocr_seconds
        self._instructions = instructions or {}
        self._votes: Counter[Language] = Counter()
        """Stop words by language on the healthy pages seen so far."""
        self._problems: defaultdict[_Problem, list[int]] = defaultdict(list)
        """What went wrong, with the pages that it befell."""

    @property
    def unreadable(self) -> int:
        """How many of the pages seen so far could not be read at all."""
        return len(self._problems.get(_Problem("unreadable"), ()))

    def warnings(self) -> list[ReadingWarning]:
        """What went wrong so far, each with its pages."""
        return [
            ReadingWarning(problem.code, tuple(numbers), dict(problem.values))
            for problem, numbers in self._problems.items()
        ]

    def _note(self, code: WarningCode, number: int, **values: str) -> None:
        self._problems[_Problem(code, tuple(values.items()))].append(number)

    def see(self, number: int) -> SeenPage:
        """The words of a page; none, and a warning, if it cannot be read."""
        try:
            seen = self._see(number)
        except PageUnreadable:
            self._note("unreadable", number)
            seen = SeenPage(PageText.empty(*_UNKNOWN_SIZE), Health())
        score = seen.health.ocr if seen.source == "ocr" else seen.health.text_layer
        is_settled = seen.needs_ocr or number in self._instructions
        if score is not None and score < _DOUBTFUL and not is_settled:
            self._note("unsound", number)
        if score is not None and score >= LEAST:
            self._votes += votes_of(map(str.lower, seen.words.texts))
        return seen

    def _see(self, number: int) -> SeenPage:
        words = self._pdf.text(number)
        if words.hidden:
            self._note("hidden_text", number)
        # A page that lies as a whole is read as a whole, if OCR may.
        is_part = self._instructions.get(number) != "force" and not self._is_mostly_false(words)
        anew = self._read_anew(number, words) if is_part else None
        seen = self._chosen(number, anew.page if anew else words)
        if seen.source == "ocr":
            return seen
        if anew is None:
            anew = self._read_anew(number, words)
            seen = replace(seen, words=anew.page, health=replace(seen.health, text_layer=_score(anew.page)))
        self._note_lies(number, anew)
        return seen

    def _chosen(self, number: int, words: PageText) -> SeenPage:
        """The text layer, or what OCR reads in the image of the page."""
        score = _score(words)
        instruction = self._instructions.get(number)
        if instruction == "forbid":
            return SeenPage(words, Health(score, None, "ocr forbidden"))
        if instruction != "force" and (choice := self._reason_for_text_layer(number, words, score)):
            return SeenPage(words, Health(score, None, choice))
        if not is_available():
            return self._left_as_it_is(number, words, "no ocr engine", "no_engine", install=INSTALL)
        if self._ocr_seconds <= 0:
            return self._left_as_it_is(number, words, "ocr failed", "no_time")
        started = time.monotonic()
        try:
            if instruction != "force" and self._is_borne_out(number, words, score):
                return SeenPage(words, Health(score, None, "text layer reads better"))
            scan, slant = self._scan(number, words)
            seen = _compared(words, scan, slant, instruction == "force")
            if seen.source == "ocr":
                self._note_doubts(number, scan)
            return seen
        except (OcrFailed, PageUnreadable) as error:
            return self._left_as_it_is(number, words, "ocr failed", "ocr_failed", reason=str(error))
        finally:
            self._ocr_seconds -= time.monotonic() - started

    def _reason_for_text_layer(self, number: int, words: PageText, score: float | None) -> ReadingChoice:
        """Why the text layer is enough; empty if it is not."""
        is_healthy = score is not None and score >= LEAST
        if is_healthy and len(words.texts) > _ENOUGH_WORDS:
            return "text layer is good"
        if (score is not None and not is_healthy) or is_picture(words, self._pdf.drawing(number)):
            return ""
        return "text layer is good" if words.texts else "blank"

    def _is_borne_out(self, number: int, words: PageText, score: float | None) -> bool:
        """Whether OCR reads so many of the words that make a page look unhealthy as the text layer has them
        that it cannot be the healthier reading: then the page need not be read as a whole."""
        if not score or is_picture(words, self._pdf.drawing(number)):
            return False
        in_doubt = speaking_against(words.texts)
        if not 0 < in_doubt.sum() <= _MOST_IN_DOUBT:
            return False
        image = self._image(number, words).convert("L")
        seconds = min(self._ocr_seconds, _SECOND_READING_SECONDS)
        try:
            is_sure = borne_out(words, in_doubt, image, self._languages(), seconds)
        except OcrFailed:
            return False  # then the whole page is tried
        return best_health(words.texts, is_sure) < score + _BETTER

    def _left_as_it_is(
        self, number: int, words: PageText, choice: ReadingChoice, code: WarningCode, **values: str
    ) -> SeenPage:
        self._note(code, number, **values)
        return SeenPage(words, Health(_score(words), None, choice), needs_ocr=True)

    def _note_doubts(self, number: int, scan: Scan) -> None:
        if not scan.is_direction_sure:
            self._note("unsure_direction", number)
        if scan.empty_cells:
            self._note("empty_cells", number)
        if scan.page.doubtful.any():
            self._note("doubtful_words", number)

    def _scan(self, number: int, words: PageText) -> tuple[Scan, Slant | None]:
        """What OCR reads, in the languages known so far and, if that gives no healthy text, in all."""
        image = self._image(number, words, self._pdf.drawing(number).dots_per_inch).convert("L")
        straight, slant = straighten(image, words.width, words.height)
        size = slant.straight if slant else (words.width, words.height)
        known = self._languages()
        scan = recognise(straight, *size, known)
        if known != LANGUAGES and (_score(scan.page) or 0.0) < LEAST:
            scan = recognise(straight, *size)
        return scan, slant

    def _image(self, number: int, words: PageText, dots_per_inch: float = _FINEST) -> Image.Image:
        """The page as OCR reads it best."""
        resolution = min(max(dots_per_inch, _COARSEST), _FINEST)
        long_side = min(round(max(words.width, words.height) / 72 * resolution), _LONGEST_SIDE)
        return self._pdf.image(number, long_side)

    def _is_mostly_false(self, words: PageText) -> bool:
        """Whether a page is unhealthy and most of it is drawn by fonts that are suspected."""
        suspects = self._pdf.trust.suspects(words)
        return 2 * int(suspects.sum()) > len(words.texts) and (_score(words) or 0.0) < LEAST

    def _read_anew(self, number: int, words: PageText) -> SecondReading:
        """The page with what its lying fonts draw instead of what they say, as far as OCR may read it."""
        trust = self._pdf.trust
        suspects = trust.suspects(words)
        if not suspects.any():
            return SecondReading(words)
        if self._instructions.get(number) != "forbid" and is_available() and self._ocr_seconds > 0:
            started = time.monotonic()
            try:
                image = self._image(number, words).convert("L")
                seconds = min(self._ocr_seconds, _SECOND_READING_SECONDS)
                return read_anew(words, suspects, trust, image, self._languages(), seconds)
            except (OcrFailed, PageUnreadable):
                pass  # It is left unread, as where OCR is not to be had.
            finally:
                self._ocr_seconds -= time.monotonic() - started
        return left_unread(words, suspects, trust)

    def _note_lies(self, number: int, anew: SecondReading) -> None:
        if anew.read:
            self._note("lying_font_read_by_ocr", number)
        if anew.unread:
            self._note("lying_font_unread", number)
        if anew.read and anew.page.doubtful.any():
            self._note("doubtful_words", number)

    def _languages(self) -> Sequence[Language]:
        """The languages that the document has shown so far; all, while that is unknown."""
        total = self._votes.total()
        shown = tuple(one for one in LANGUAGES if self._votes[one] >= _LEAST_SHARE * total)
        return shown if total >= _FEWEST_VOTES else LANGUAGES


def _compared(words: PageText, scan: Scan, slant: Slant | None, is_forced: bool) -> SeenPage:
    """The better of the two readings, with the scores of both."""
    layer, ocr = _score(words), _score(scan.page)
    choice = "ocr forced" if is_forced else _choice(words, scan.page, layer, ocr)
    is_ocr = bool(scan.page.texts) and choice not in ("text layer reads better", "blank")
    kept = Health(layer, ocr, choice)
    return SeenPage(scan.page, kept, "ocr", slant=slant) if is_ocr else SeenPage(words, kept)


def _score(words: PageText) -> float | None:
    """The health of a reading; None if there is none."""
    if not words.texts:
        return None
    return 0.0 if is_unmapped(words) else health(words.texts) * (1.0 - _doubtful_share(words))


def _doubtful_share(words: PageText) -> float:
    """Part of the letters that stand in words that OCR was not sure of."""
    doubtful = sum(
        len(text) for text, doubt in zip(words.texts, words.doubtful.tolist(), strict=True) if doubt
    )
    return doubtful / max(1, _letters(words))


def _choice(layer: PageText, ocr: PageText, layer_score: float | None, score: float | None) -> ReadingChoice:
    """Which reading is better: the text layer or the one by OCR?"""
    if layer_score is None:
        return "blank" if score is None else "no text layer"
    if score is None:
        return "text layer reads better"
    if layer_score >= LEAST:
        is_better = len(ocr.texts) >= _MORE * len(layer.texts) + 3
        return "ocr reads better" if is_better else "text layer reads better"
    is_better = score >= layer_score + _BETTER and _letters(ocr) >= _AS_MUCH * _letters(layer)
    return "ocr reads better" if is_better else "text layer reads better"


def _letters(page: PageText) -> int:
    return sum(map(len, page.texts))
