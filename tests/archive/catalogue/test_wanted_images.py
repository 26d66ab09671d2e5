"""Pages that readers want to see larger: each waits once, none is tried for ever, not too many wait."""

import hashlib
from collections.abc import Iterator

import pytest

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.wanted_images import MOST_ATTEMPTS, MOST_WAITING, WantedImage, WantedImages
from archive.errors import DocumentNotFound
from archive.originals import StoredOriginal
from archive.records import Description, Provenance

pytest_plugins = ["tests.surroundings.postgresql"]


@pytest.fixture
def catalogue(new_catalogue_url: str) -> Iterator[Catalogue]:
    with Catalogue.open(new_catalogue_url) as opened:
        yield opened


def receive(catalogue: Catalogue, name: str) -> str:
    stored = StoredOriginal(hashlib.sha256(name.encode()).hexdigest(), 1)
    return catalogue.receive(stored, name, Description(), Provenance(), "tester")[0].id


def test_a_page_waits_once_until_it_is_settled(catalogue: Catalogue) -> None:
    wanted = WantedImages(catalogue)
    first, second = (WantedImage(receive(catalogue, "a"), page) for page in (7, 3))
    state = catalogue.state()
    for one in (first, second, first):
        assert wanted.ask(one)
    assert wanted.waiting(10) == [first, second]
    assert wanted.waiting(1) == [first]
    wanted.begin(first)
    assert wanted.waiting(10) == [first, second], "it may be begun again after a crash"
    wanted.settle(first)
    assert wanted.waiting(10) == [second]
    assert catalogue.state() == state, "what searches find has not changed"


def test_what_was_tried_in_vain_does_not_wait_until_it_may_again(catalogue: Catalogue) -> None:
    wanted, one = WantedImages(catalogue), WantedImage(receive(catalogue, "a"), 1)
    other = WantedImage(receive(catalogue, "b"), 1)
    for each in (one, other):
        wanted.ask(each)
        for _ in range(MOST_ATTEMPTS):
            wanted.begin(each)
    assert not wanted.ask(one)
    assert wanted.waiting(10) == []
    wanted.forget(one.document)
    assert wanted.ask(one)
    assert not wanted.ask(other)


def test_no_more_than_some_wait(catalogue: Catalogue) -> None:
    wanted, document = WantedImages(catalogue), receive(catalogue, "a")
    for page in range(1, MOST_WAITING + 1):
        assert wanted.ask(WantedImage(document, page))
    assert not wanted.ask(WantedImage(document, MOST_WAITING + 1))
    assert wanted.ask(WantedImage(document, 5)), "it waits already"
    wanted.settle(WantedImage(document, 1))
    assert wanted.ask(WantedImage(document, MOST_WAITING + 1))


def test_a_document_that_is_not_there_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(DocumentNotFound):
        WantedImages(catalogue).ask(WantedImage("0" * 16, 1))
