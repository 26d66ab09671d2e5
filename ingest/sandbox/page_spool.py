"""Pages on their way from the limited process to the catalogue: JSON lines in a file, one for each page.

What the process writes is not trusted, since a hostile PDF may have taken it over. Every value is checked
for type and bounds before it becomes a record, and text is made safe to keep without moving its offsets.

A line is ``{"number", "label", "width", "height", "source", "needs_ocr", "health": [text layer, ocr,
choice], "passages": [{"kind", "language", "text", "words": [[text, start, x0, y0, x1, y1, …]],
"doubtful": [number of a word, …]}]}``, with four numbers for each box.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TextIO, get_args

from archive.languages import LANGUAGES
from archive.outside_text import clean_line
from archive.reading_warnings import ReadingWarning, warning_as_json, warning_from_json
from archive.records import Block, BlockKind, Box, Health, Page, ReadingChoice, ReadingKind, Word
from ingest.errors import ReaderCrashed

PAGES, SUMMARY = "pages.jsonl", "summary.json"
"""The files that the process writes into its scratch folder; rendering writes only a summary."""

LONGEST_LINE = 32 * 1024 * 1024
"""Most bytes of a page here, enough for some 400,000 words."""
LONGEST_SUMMARY = 8 * 1024 * 1024
"""Most bytes of a summary, which may be long: a warning names each page that it is about."""
_FARTHEST = 20_000.0
"""Greatest coordinate, in points. A page has at most 14,400 on each side (ISO 32000-1, annex C.2), but
damaged files draw outside their pages."""
_MOST_WARNINGS = 1000

_KINDS = get_args(BlockKind)
_SOURCES = get_args(ReadingKind)
_CHOICES = get_args(ReadingChoice)
_UNKEEPABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def write_pages(file: TextIO, pages: Iterable[Page]) -> None:
    """Write each page as a line."""
    for page in pages:
        # `json.dump` would write each value by itself, in Python, which takes three times as long.
        file.write(json.dumps(_page_as_json(page), ensure_ascii=True, separators=(",", ":")) + "\n")


def read_pages(path: Path, most_pages: int) -> Iterator[Page]:
    """The pages in the file at `path`, read one by one.

    Raises:
        ReaderCrashed: a line is not a page, or there are more than `most_pages`.
    """
    number = 0
    with path.open("rb") as file:
        for line in _lines(file, LONGEST_LINE):
            number += 1
            try:
                page = _page(json.loads(line, parse_constant=_refuse))
                _require(page.number == number <= most_pages)
            except (ValueError, LookupError, TypeError, OverflowError, RecursionError) as error:
                raise ReaderCrashed(f"Page {number} of the reading makes no sense.") from error
            yield page


def write_summary(path: Path, title: str | None, warnings: Iterable[ReadingWarning]) -> None:
    """Write what is known of the document as a whole."""
    summary = {"title": title, "warnings": list(map(warning_as_json, warnings))}
    path.write_text(json.dumps(summary), encoding="ascii")


def read_summary(path: Path) -> tuple[str | None, list[ReadingWarning]]:
    """The title of the document, if one was found, and the warnings.

    Raises:
        ReaderCrashed: the file is not such a summary.
    """
    try:
        with path.open("rb") as file:
            summary = json.loads(file.read(LONGEST_SUMMARY))
        title, warnings = summary["title"], _list(summary["warnings"])
        _require(title is None or isinstance(title, str))
        return title and clean_line(title), list(map(warning_from_json, warnings[:_MOST_WARNINGS]))
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise ReaderCrashed("The summary of the reading makes no sense.") from error


def _page_as_json(page: Page) -> dict[str, object]:
    return {
        "number": page.number,
        "label": page.label,
        "width": page.width,
        "height": page.height,
        "source": page.source,
        "needs_ocr": page.needs_ocr,
        "health": [page.health.text_layer, page.health.ocr, page.health.choice],
        "passages": [
            {
                "kind": block.kind,
                "language": block.language,
                "text": block.text,
                "words": [
                    [word.text, word.start, *(round(value, 2) for box in word.boxes for value in box)]
                    for word in block.words
                ],
                "doubtful": [place for place, word in enumerate(block.words) if word.is_doubtful],
            }
            for block in page.blocks
        ],
    }


def _lines(file: BinaryIO, longest: int) -> Iterator[bytes]:
    while line := file.readline(longest):
        if len(line) == longest:
            raise ReaderCrashed("A page of this file holds more text than can be kept.")
        yield line


def _page(value: Any) -> Page:
    width, height = _number(value["width"]), _number(value["height"])
    _require(width > 0 and height > 0)
    _require(type(value["number"]) is int and type(value["needs_ocr"]) is bool)
    _require(isinstance(value["label"], str) and value["source"] in _SOURCES)
    blocks = tuple(_block(block) for block in _list(value["passages"]))
    return Page(
        value["number"],
        _clean(value["label"]),
        width,
        height,
        value["source"],
        value["needs_ocr"],
        blocks,
        _health(*value["health"]),
    )


def _health(text_layer: Any, ocr: Any, choice: Any) -> Health:
    _require(choice in _CHOICES)
    return Health(_share(text_layer), _share(ocr), choice)


def _share(value: Any) -> float | None:
    _require(value is None or (type(value) in (int, float) and 0 <= value <= 1))
    share: float | None = value
    return share


def _block(value: Any) -> Block:
    text = value["text"]
    _require(isinstance(text, str) and value["kind"] in _KINDS and value["language"] in LANGUAGES)
    text = _clean(text)
    words = [_word(word, text) for word in _list(value["words"])]
    for place in _list(value["doubtful"]):
        _require(type(place) is int and 0 <= place < len(words))
        words[place] = words[place]._replace(is_doubtful=True)
    return Block(value["kind"], value["language"], text, tuple(words))


def _word(value: Any, text: str) -> Word:
    word, start, *numbers = value
    _require(isinstance(word, str) and type(start) is int and start >= 0 and len(numbers) % 4 == 0)
    word = _clean(word)
    _require(bool(word) and text.startswith(word, start))
    return Word(word, start, tuple(_boxes([_number(number) for number in numbers])))


def _boxes(numbers: list[float]) -> Iterator[Box]:
    for place in range(0, len(numbers), 4):
        x0, y0, x1, y1 = numbers[place : place + 4]
        _require(x0 <= x1 and y0 <= y1)
        yield x0, y0, x1, y1


def _number(value: Any) -> float:
    _require(type(value) in (int, float))
    number = float(value)
    _require(math.isfinite(number))
    return min(max(number, -_FARTHEST), _FARTHEST)


def _list(value: Any) -> list[Any]:
    _require(isinstance(value, list))
    items: list[Any] = value
    return items


def _clean(text: str) -> str:
    """The text with each character that cannot be stored replaced by another, so that offsets stay valid."""
    return _UNKEEPABLE.sub("\ufffd", text)


def _require(is_so: bool) -> None:
    if not is_so:
        raise ValueError("not as agreed")


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not a number")
