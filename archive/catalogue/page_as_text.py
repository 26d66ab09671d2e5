"""A page as a text file that a person can edit and give back.

The file has a line that names the page, then its passages, each after an empty line and a marker of kind and
language::

    --- page 3 (label 1)

    [heading nl]
    Een kop

    [table fr]
    Année	Emploi
    2009	660 000

A passage without a marker is a paragraph in the language of the passage before it; the first passage takes
the language of the page. The line with the page may be left out; if it is there, it must name the right page.
The correction form leaves out both where it can, so that the page reads as one text.
"""

import re
from collections.abc import Iterable

from archive.catalogue.correction_rows import WrongCorrection
from archive.languages import Language
from archive.records import Page, PassageText

_PAGE = re.compile(r"--- page ([0-9]+) \(label .*\)")
_MARKER = re.compile(r"\[(\w+) (\w+)\]")


def write_page(page: Page) -> str:
    """The page as text, ending with a line feed."""
    passages = (f"[{passage.kind} {passage.language}]\n{passage.text}\n" for passage in page.passages)
    return "\n".join([f"--- page {page.number} (label {page.label})\n", *passages])


def write_passages(passages: Iterable[PassageText], language: Language) -> str:
    """Passages as one text without the line that names the page; `language` is that of the page.

    Only what :func:`read_page_text` would not take for granted has a marker.
    """
    blocks = []
    for passage in passages:
        is_understood = passage.kind == "paragraph" and passage.language == language
        first = passage.text.partition("\n")[0].strip()
        is_mistakable = _MARKER.fullmatch(first) or _PAGE.fullmatch(first)
        marker = "" if is_understood and not is_mistakable else f"[{passage.kind} {passage.language}]\n"
        blocks.append(marker + passage.text)
        language = passage.language
    return "\n\n".join(blocks)


def read_page_text(written: str, number: int, language: Language) -> list[PassageText]:
    """The passages of page `number` as they were written, unchecked; `language` is that of the page.

    Raises:
        WrongCorrection: it is the text of another page, or of several.
    """
    passages: list[PassageText] = []
    for block in _blocks(written):
        first, *lines = block
        if heading := _PAGE.fullmatch(first.strip()):
            if int(heading[1]) != number or passages:
                raise WrongCorrection(
                    "wrong page", f"This holds the text of page {heading[1]}, not of page {number} alone."
                )
            first, *lines = lines or [""]
        marker = _MARKER.fullmatch(first.strip())
        if marker:
            language = marker[2]  # type: ignore[assignment]  # what is no language is refused when it is checked
            passages.append(PassageText(marker[1], language, "\n".join(lines)))  # type: ignore[arg-type]
        elif first.strip() or lines:
            passages.append(PassageText("paragraph", language, "\n".join([first, *lines])))
    return passages


def _blocks(written: str) -> list[list[str]]:
    """The lines of each run of lines that are not empty."""
    lines = written.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]
