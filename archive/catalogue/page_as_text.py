"""A page as a text file that a person can edit and give back.

The file has a line that names the page, then its blocks, each after an empty line and a marker of kind and
language::

    --- page 3 (label 1)

    [heading nl]
    Een kop

    [table fr]
    Année	Emploi
    2009	660 000

A block without a marker is a paragraph in the language of the block before it; the first block takes
the language of the page. The line with the page may be left out; if it is there, it must name the right page.
The correction form leaves out both where it can, so that the page reads as one text.
"""

import re
import sys
from collections.abc import Iterable

from archive.catalogue.correction_rows import LONGEST_CORRECTION, WrongCorrection
from archive.errors import BadInputFile
from archive.languages import Language
from archive.records import Page, WrittenBlock

_PAGE = re.compile(r"--- page ([0-9]+) \(label .*\)")
_MARKER = re.compile(r"\[(\w+) (\w+)\]")


def read_page_file(file: str) -> str:
    """The text in a file of moderate size, or on stdin (`-`).

    Raises:
        BadInputFile: it cannot be read, or is not in UTF-8.
        WrongCorrection: it is too large to be the text of a page.
    """
    most = 5 * LONGEST_CORRECTION  # bytes: four for each character, and the markers
    try:
        if file == "-":
            content = sys.stdin.buffer.read(most + 1)
        else:
            with open(file, "rb") as opened:
                content = opened.read(most + 1)
    except OSError as error:
        raise BadInputFile(f"{file} cannot be read: {error.strerror}.", "Check its name.") from error
    if len(content) > most:
        raise WrongCorrection("too long", f"{file} is too large to be the text of a page.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInputFile(f"{file} is not a text in UTF-8.", "Save it as UTF-8.") from error


def write_page(page: Page) -> str:
    """The page as text, ending with a line feed."""
    blocks = (f"[{block.kind} {block.language}]\n{block.text}\n" for block in page.blocks)
    return "\n".join([f"--- page {page.number} (label {page.label})\n", *blocks])


def write_blocks(blocks: Iterable[WrittenBlock], language: Language) -> str:
    """Blocks as one text without the line that names the page; `language` is that of the page.

    A block has a marker only where :func:`read_page_text` needs it.
    """
    parts = []
    for block in blocks:
        is_understood = block.kind == "paragraph" and block.language == language
        first = block.text.partition("\n")[0].strip()
        is_mistakable = _MARKER.fullmatch(first) or _PAGE.fullmatch(first)
        marker = "" if is_understood and not is_mistakable else f"[{block.kind} {block.language}]\n"
        parts.append(marker + block.text)
        language = block.language
    return "\n\n".join(parts)


def read_page_text(written: str, number: int, language: Language) -> list[WrittenBlock]:
    """The blocks of page `number` as they were written, unchecked; `language` is that of the page.

    Raises:
        WrongCorrection: it is the text of another page, or of several.
    """
    blocks: list[WrittenBlock] = []
    for part in _parts(written):
        first, *lines = part
        if heading := _PAGE.fullmatch(first.strip()):
            if int(heading[1]) != number or blocks:
                raise WrongCorrection(
                    "wrong page", f"This holds the text of page {heading[1]}, not of page {number} alone."
                )
            first, *lines = lines or [""]
        marker = _MARKER.fullmatch(first.strip())
        if marker:
            language = marker[2]  # type: ignore[assignment]  # what is no language is refused when it is checked
            blocks.append(WrittenBlock(marker[1], language, "\n".join(lines)))  # type: ignore[arg-type]
        elif first.strip() or lines:
            blocks.append(WrittenBlock("paragraph", language, "\n".join([first, *lines])))
    return blocks


def _parts(written: str) -> list[list[str]]:
    """The lines of each run of lines that are not empty."""
    lines = written.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    parts: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            parts[-1].append(line)
        elif parts[-1]:
            parts.append([])
    return [part for part in parts if part]
