"""Pages come back from between the two passes as they were, however many there are."""

import numpy as np

from archive.records import Health
from ingest.drawn_words import PageText
from ingest.page.choose_reading import SeenPage
from ingest.page.seen_pages import SeenPages


def page_of(words: int, number: int) -> SeenPage:
    texts = [f"{number}-{word}" for word in range(words)]
    return SeenPage(
        PageText(
            595,
            842,
            texts,
            np.full((words, 4), float(number)),
            np.zeros(words),
            np.full(words, 10.0),
            np.zeros(words, dtype=np.bool_),
            np.zeros(words, dtype=np.int64),
        ),
        Health(0.5),
    )


def test_pages_come_back_in_order_as_often_as_asked_for() -> None:
    kept = SeenPages()
    pages = [page_of(3000, number) for number in range(12)]
    for page in pages:
        kept.add(page)
    for _ in range(2):
        found = list(kept)
        assert [page.words.texts for page in found] == [page.words.texts for page in pages]
        assert all(
            (one.words.boxes == other.words.boxes).all() and one.health == other.health
            for one, other in zip(found, pages, strict=True)
        )
    assert next(iter(kept)).words.texts == pages[0].words.texts
    assert len(list(kept)) == 12, "after an iteration that was not ended"
