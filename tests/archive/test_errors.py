"""Errors for people: each class has its code, exit code, HTTP status and the next thing to do."""

import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module

import pytest

import archive
from archive.catalogue.catalogue import Catalogue
from archive.errors import DocumentNotFound, MissingTool, TerugblikError


def classes() -> list[type[TerugblikError]]:
    for module in pkgutil.iter_modules(archive.__path__, "archive."):
        import_module(module.name)

    def below(parent: type[TerugblikError]) -> Iterator[type[TerugblikError]]:
        yield parent
        for child in parent.__subclasses__():
            yield from below(child)

    return [one for one in below(TerugblikError) if one.__module__.startswith("archive.")]


def test_every_error_of_the_archive_tells_machines_and_people_what_to_do() -> None:
    for one in classes():
        assert one.exit_code in {1, 2, 3, 4, 5, 6}, one
        assert 400 <= one.http_status <= 599, one
        assert one.default_hint.endswith((".", ")")), one
        assert one.__doc__, one


def test_every_code_is_of_one_error() -> None:
    codes = [one.code for one in classes()]
    assert len(codes) == len(set(codes)) > 10
    assert all(code == code.lower() and " " not in code for code in codes)


def test_an_error_has_the_one_shape_in_json() -> None:
    error = DocumentNotFound("The archive has no document 'x'.")
    assert str(error) == error.message == "The archive has no document 'x'."
    assert error.as_json() == {
        "error": {
            "code": "document-not-found",
            "message": "The archive has no document 'x'.",
            "hint": "`terugblik list` shows every document that the archive holds.",
        }
    }
    assert DocumentNotFound("x", "Look elsewhere.").as_json()["error"]["hint"] == "Look elsewhere."


def test_a_missing_tool_says_what_it_is_for_and_how_to_install_it() -> None:
    error = MissingTool("tesseract", "reading scans", "apt-get install tesseract-ocr")
    assert error.exit_code == 6
    for part in ("tesseract", "reading scans"):
        assert part in error.message
    assert "apt-get install tesseract-ocr" in error.hint


def test_a_catalogue_in_postgresql_without_its_library_names_the_extra_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)  # as Python marks what cannot be imported
    with pytest.raises(MissingTool, match=r"psycopg .* PostgreSQL") as refusal:
        Catalogue.open("postgresql://somebody@localhost/plans")
    assert "terugblik[postgres]" in refusal.value.hint
