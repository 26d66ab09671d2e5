"""Warnings on a document: their sentences, what is kept of them, and what older versions kept."""

from typing import get_args

import pytest
from sqlalchemy import update

from archive.catalogue.catalogue import Catalogue
from archive.database import tables
from archive.originals import StoredOriginal
from archive.reading_warnings import (
    ReadingWarning,
    WarningCode,
    number_list,
    warning_as_json,
    warning_from_json,
    warnings_on,
)
from archive.records import Description, Provenance

pytest_plugins = ["tests.surroundings.postgresql"]

FILES = {"number": 2, "names": "a.pdf, b.xlsx"}


@pytest.mark.parametrize(
    ("warning", "sentence"),
    [
        (ReadingWarning("unreadable", (3,)), "Page 3 could not be read."),
        (ReadingWarning("unreadable", (3, 4, 5, 9)), "Pages 3–5 and 9 could not be read."),
        (
            ReadingWarning("damaged"),
            "The file is damaged and was repaired for reading; parts of it may be missing.",
        ),
        (
            ReadingWarning("attachments", (), FILES),
            "Files are attached to it and were not read (2: a.pdf, b.xlsx); add each by itself.",
        ),
        (
            ReadingWarning("not_drawn", (), {"reason": "It took too long."}),
            "Could not be drawn. It took too long.",
        ),
    ],
)
def test_a_warning_is_a_sentence(warning: ReadingWarning, sentence: str) -> None:
    assert warning.sentence == sentence


def test_numbers_are_listed_by_runs() -> None:
    assert number_list([1, 2, 3, 5, 7, 8], "en") == "1–3, 5 en 7–8"


def test_warnings_are_found_by_page() -> None:
    on_two, on_all = ReadingWarning("unsound", (2, 3)), ReadingWarning("damaged")
    assert warnings_on([on_two, on_all], 2) == [on_two]


@pytest.mark.parametrize("code", get_args(WarningCode))
def test_every_warning_has_a_sentence_and_is_kept_whole(code: WarningCode) -> None:
    for warning in (ReadingWarning(code), ReadingWarning(code, (1, 3), {"text": "a", **FILES})):
        assert warning.sentence or code == "noted"
        assert warning_from_json(warning_as_json(warning)) == warning


def test_what_older_versions_kept_is_still_told(new_catalogue_url: str) -> None:
    with Catalogue.open(new_catalogue_url) as catalogue:
        document, _is_new = catalogue.receive(
            StoredOriginal("a" * 64, 1), "a.pdf", Description(), Provenance(), "tester"
        )
        with catalogue.database.writing() as connection:
            connection.execute(update(tables.documents).values(warnings=["Page 3 could not be read."]))
        (warning,) = catalogue.document(document.id).warnings
    assert (warning.code, warning.sentence) == ("noted", "Page 3 could not be read.")
