"""Set a document, read it, and see what went wrong."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.records import Page
from ingest.read_document import read_document
from tests.layouts.draw import set_by_reportlab
from tests.layouts.measure import Findings, Reading
from tests.layouts.recipe import Recipe
from tests.layouts.scans import scanned
from tests.layouts.truth import truth_of
from tests.layouts.typeset import set_by_typst


@dataclass(frozen=True)
class Trial:
    """A document that was set and read."""

    recipe: Recipe
    pages: Sequence[Page]
    reading: Reading
    findings: Findings


def pdf_of(recipe: Recipe) -> bytes:
    """The document as PDF."""
    pdf = set_by_reportlab(recipe) if recipe.engine == "reportlab" else set_by_typst(recipe)
    return scanned(pdf, recipe.scan_turn) if "scan" in recipe.features else pdf


def try_out(recipe: Recipe) -> Trial:
    """Set and read a document."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf_of(recipe))
        file.flush()
        pages = list(read_document(Path(file.name), 500, lambda _done, _total: None).pages)
    reading = Reading(pages, truth_of(recipe, len(pages)))
    return Trial(recipe, pages, reading, reading.findings())
