"""See the pages of a document one by one: by the text layer if it can be trusted, else by OCR."""

import time
from collections import defaultdict
from dataclasses import dataclass

from archive.records import TextSource
from ingest.extract import PageUnreadable, PdfFile
from ingest.ocr import INSTALL, OcrFailed, is_available, is_garbled, is_ocr_needed, recognise
from ingest.page_text import Drawing, PageText

_ENOUGH_WORDS = 100
"""A page with more words than this is not a mere picture, whatever else it shows."""
_COARSEST, _FINEST = 150.0, 300.0
"""Resolutions for OCR, in dots an inch; between them that of the image itself is best."""
_LONGEST_SIDE = 5000
"""Pixels of an image for OCR."""
_UNKNOWN_SIZE = (595.0, 842.0)
"""A4, for a page that cannot be loaded."""
_UNREADABLE = "could not be read"
_NO_ENGINE = f"must be read by OCR, and Tesseract is not there with all languages ({INSTALL})"
_NO_TIME = "must be read by OCR, for which there was no time left"


@dataclass(frozen=True, slots=True)
class SeenPage:
    """The words of a page, and where they came from."""

    words: PageText
    source: TextSource = "text layer"
    needs_ocr: bool = False


class PageSource:
    """The pages of an open PDF; OCR takes no more than `ocr_seconds` in all."""

    def __init__(self, pdf: PdfFile, ocr_seconds: float) -> None:
        self._pdf = pdf
        self._ocr_seconds = ocr_seconds
        self._problems: defaultdict[str, list[int]] = defaultdict(list)
        """What went wrong, as the end of a sentence, with the pages that it befell."""

    @property
    def unreadable(self) -> int:
        """How many of the pages seen so far could not be read at all."""
        return len(self._problems.get(_UNREADABLE, ()))

    def warnings(self) -> list[str]:
        """What went wrong so far, for people: "Pages 3–5 and 9 could not be read."."""
        return [f"{_page_list(numbers)} {problem}." for problem, numbers in self._problems.items()]

    def see(self, number: int) -> SeenPage:
        """The words of a page; none, and a warning, if it cannot be read."""
        try:
            words = self._pdf.text(number)
            if len(words.texts) > _ENOUGH_WORDS and not is_garbled(words):
                return SeenPage(words)
            drawing = self._pdf.drawing(number)
            if not is_ocr_needed(words, drawing):
                return SeenPage(words)
        except PageUnreadable:
            self._problems[_UNREADABLE].append(number)
            return SeenPage(PageText.empty(*_UNKNOWN_SIZE))
        if not is_available():
            return self._left_as_it_is(number, words, _NO_ENGINE)
        if self._ocr_seconds <= 0:
            return self._left_as_it_is(number, words, _NO_TIME)
        started = time.monotonic()
        try:
            return self._see_by_ocr(number, words, drawing)
        except (OcrFailed, PageUnreadable) as error:
            return self._left_as_it_is(number, words, f"could not be read by OCR: {error}")
        finally:
            self._ocr_seconds -= time.monotonic() - started

    def _left_as_it_is(self, number: int, words: PageText, problem: str) -> SeenPage:
        self._problems[problem].append(number)
        return SeenPage(words, needs_ocr=True)

    def _see_by_ocr(self, number: int, words: PageText, drawing: Drawing) -> SeenPage:
        """What OCR reads, unless a healthy text layer says as much: a photograph has no text to find."""
        resolution = min(max(drawing.dots_per_inch, _COARSEST), _FINEST)
        long_side = min(round(max(words.width, words.height) / 72 * resolution), _LONGEST_SIDE)
        recognised = recognise(self._pdf.image(number, long_side), words.width, words.height)
        enough = 1 if is_garbled(words) else 1.5 * len(words.texts) + 3
        return SeenPage(recognised, source="ocr") if len(recognised.texts) >= enough else SeenPage(words)


def _page_list(numbers: list[int]) -> str:
    """For people: "Page 3", "Pages 3–5 and 9"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    parts = ["–".join(map(str, run)) for run in runs]
    listed = ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else parts[0]
    return f"{'Pages' if len(numbers) > 1 else 'Page'} {listed}"
