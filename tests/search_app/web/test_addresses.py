"""Addresses that are written without looking at the routes are those of the routes."""

from collections.abc import Iterator

import pytest
from flask import Flask, url_for
from hypothesis import given
from hypothesis import strategies as st

from archive.languages import INTERFACE_LANGUAGES, Language
from search_app import create_app
from search_app.web.addresses import (
    citation_path,
    document_path,
    original_path,
    page_path,
    translation_path,
    with_query,
)
from tests.surroundings.reading_room import make_settings

VALUES = st.one_of(st.none(), st.text(), st.integers(), st.lists(st.text(min_size=1), max_size=3))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = create_app(make_settings(tmp_path_factory.mktemp("archive")))
    with app.test_request_context("/"):
        yield app


@given(st.dictionaries(st.sampled_from(["q", "year", "document", "from"]), VALUES))
def test_parameters_are_written_as_flask_writes_them(app: Flask, values: dict[str, object]) -> None:
    path = url_for("search.results", interface="fr")
    assert with_query(path, values) == url_for("search.results", interface="fr", **values)


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_paths_are_those_of_the_routes(app: Flask, language: Language) -> None:
    def route(endpoint: str, **values: object) -> str:
        return url_for(endpoint, interface=language, identifier="0123456789abcdef", **values)

    document = "0123456789abcdef"
    assert document_path(document, language) == route("document.overview")
    assert page_path(document, 7, language) == route("document.page", number=7)
    assert (
        page_path(document, 7, language, "l'été +")
        == route("document.page", number=7) + "?q=l%27%C3%A9t%C3%A9+%2B"
    )
    assert citation_path(document, 7, language) == route("citation.cite", number=7)
    assert citation_path(document, None, language) == route("citation.cite")
    assert translation_path(document, 7, language) == route("translations.page", number=7)
    assert original_path(document, 7) == url_for("document.original", identifier=document, _anchor="page=7")
