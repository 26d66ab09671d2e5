"""Pages from the limited process: what it may write, and what a hostile one cannot smuggle in."""

import json
from pathlib import Path
from typing import Any

import pytest

from archive.reading_warnings import ReadingWarning
from archive.records import Block, Page, Word
from ingest.errors import ReaderCrashed
from ingest.sandbox.page_spool import (
    LONGEST_LINE,
    LONGEST_SUMMARY,
    read_pages,
    read_summary,
    write_pages,
    write_summary,
)

PAGE = Page(
    number=1,
    label="iv",
    width=595.28,
    height=841.89,
    source="text layer",
    needs_ocr=False,
    blocks=(
        Block(
            "heading",
            "fr",
            "L’économie — été\nà Bruxelles",
            (
                Word("L’économie", 0, ((72.0, 72.25, 130.5, 84.0),)),
                Word("été", 13, ((140.0, 72.25, 150.0, 84.0), (72.0, 90.0, 80.0, 102.0))),
                Word("Bruxelles", 19, ((90.0, 90.0, 140.0, 102.0),), is_doubtful=True),
            ),
        ),
        Block("table", "nl", "", ()),
    ),
)


def written(tmp_path: Path, *pages: Page) -> Path:
    path = tmp_path / "pages.jsonl"
    with path.open("w", encoding="ascii") as file:
        write_pages(file, pages)
    return path


def test_pages_come_back_as_they_were(tmp_path: Path) -> None:
    empty = Page(2, "v", 10.0, 10.0, "ocr", True, ())
    assert list(read_pages(written(tmp_path, PAGE, empty), 5000)) == [PAGE, empty]


def test_pages_are_read_one_at_a_time(tmp_path: Path) -> None:
    path = written(tmp_path, PAGE)
    with path.open("a", encoding="ascii") as file:
        file.write("nonsense\n")
    pages = read_pages(path, 5000)
    assert next(pages) == PAGE
    with pytest.raises(ReaderCrashed) as refusal:
        next(pages)
    assert "Page 2" in refusal.value.message


def smuggle(tmp_path: Path, line: str) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ReaderCrashed):
        list(read_pages(path, 5000))


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["number"], 2),
        (["number"], True),
        (["number"], "1"),
        (["label"], None),
        (["label"], {"a": 1}),
        (["width"], 0),
        (["width"], -1),
        (["width"], "595"),
        (["height"], True),
        (["source"], "corrected by hand"),
        (["source"], ["ocr"]),
        (["needs_ocr"], 0),
        (["passages"], None),
        (["passages"], "abc"),
        (["passages"], [[]]),
        (["passages", 0, "kind"], "script"),
        (["passages", 0, "kind"], []),
        (["passages", 0, "language"], "xx"),
        (["passages", 0, "text"], None),
        (["passages", 0, "text"], "another text"),
        (["passages", 0, "words"], {}),
        (["passages", 0, "words", 0], 7),
        (["passages", 0, "words", 0], []),
        (["passages", 0, "words", 0, 0], ""),
        (["passages", 0, "words", 0, 0], 5),
        (["passages", 0, "words", 0, 1], -10),
        (["passages", 0, "words", 0, 1], 1),
        (["passages", 0, "words", 0, 1], 10**30),
        (["passages", 0, "words", 0, 2], None),
        (["passages", 0, "words", 0, 2], 200.0),
        (["passages", 0, "words", 0], ["L’économie", 0, 1.0, 2.0, 3.0]),
        (["passages", 0, "doubtful"], None),
        (["passages", 0, "doubtful"], [3]),
        (["passages", 0, "doubtful"], [-1]),
        (["passages", 0, "doubtful"], [True]),
    ],
)
def test_a_value_of_another_kind_is_refused(tmp_path: Path, keys: list[str | int], value: object) -> None:
    page: Any = json.loads(written(tmp_path, PAGE).read_text(encoding="ascii"))
    part = page
    for key in keys[:-1]:
        part = part[key]
    assert part[keys[-1]] != value or type(part[keys[-1]]) is not type(value)
    part[keys[-1]] = value
    smuggle(tmp_path, json.dumps(page))


@pytest.mark.parametrize("missing", ["number", "label", "width", "height", "source", "needs_ocr", "passages"])
def test_nothing_may_be_missing(tmp_path: Path, missing: str) -> None:
    page = json.loads(written(tmp_path, PAGE).read_text(encoding="ascii"))
    del page[missing]
    smuggle(tmp_path, json.dumps(page))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400, "9" * 5000])
def test_numbers_that_are_none_are_refused(tmp_path: Path, number: str) -> None:
    line = written(tmp_path, PAGE).read_text(encoding="ascii")
    assert "72.25" in line
    smuggle(tmp_path, line.strip().replace("72.25", number))


def test_what_a_damaged_file_draws_far_off_the_page_is_kept_at_its_rim(tmp_path: Path) -> None:
    words = (Word("ver", 0, ((-3_554_967.25, 72.0, 1e30, 84.0),)),)
    page = Page(1, "1", 1e9, 842.0, "text layer", False, (Block("paragraph", "nl", "ver", words),))
    (kept,) = read_pages(written(tmp_path, page), 1)
    assert kept.width == 20_000
    assert kept.blocks[0].words[0].boxes == ((-20_000, 72.0, 20_000, 84.0),)


@pytest.mark.parametrize("line", ["", "null", "[]", "1", "{", "[" * 100_000, '{"number": 1}', "\udcff"])
def test_what_is_no_page_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_bytes(line.encode("utf-8", "surrogateescape") + b"\n")
    with pytest.raises(ReaderCrashed):
        list(read_pages(path, 5000))


def test_pages_in_another_order_or_too_many_are_refused(tmp_path: Path) -> None:
    second = Page(2, "", 10.0, 10.0, "ocr", True, ())
    with pytest.raises(ReaderCrashed):
        list(read_pages(written(tmp_path, PAGE, PAGE), 5000))
    with pytest.raises(ReaderCrashed):
        list(read_pages(written(tmp_path, second), 5000))
    with pytest.raises(ReaderCrashed):
        list(read_pages(written(tmp_path, PAGE, second), 1))


def test_a_line_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    with path.open("wb") as file:
        file.truncate(LONGEST_LINE + 10)
    with pytest.raises(ReaderCrashed) as refusal:
        list(read_pages(path, 5000))
    assert "more text than can be kept" in refusal.value.message


def test_signs_that_cannot_be_kept_are_replaced_where_they_stand(tmp_path: Path) -> None:
    text = "a\0b \ud800c\ufffe \x07d\x9f\te\n"
    words = (Word("a\0b", 0, ()), Word("\ud800c\ufffe", 4, ()))
    page = Page(1, "\ud83d", 10.0, 10.0, "ocr", False, (Block("paragraph", "nl", text, words),))
    (kept,) = read_pages(written(tmp_path, page), 1)
    assert kept.label == "\ufffd"
    assert kept.blocks[0].text == "a\ufffdb \ufffdc\ufffd \ufffdd\ufffd\te\n"
    assert [word.text for word in kept.blocks[0].words] == ["a\ufffdb", "\ufffdc\ufffd"]
    kept.blocks[0].text.encode("utf-8")


class TestSummary:
    @pytest.mark.parametrize("title", [None, "Strategie 2025"])
    def test_it_comes_back_as_it_was(self, tmp_path: Path, title: str | None) -> None:
        path = tmp_path / "summary.json"
        warnings = [
            ReadingWarning("unreadable", (3, 7)),
            ReadingWarning("attachments", (), {"number": 2, "names": "a.pdf, b.xlsx"}),
        ]
        write_summary(path, title, warnings)
        assert read_summary(path) == (title, warnings)

    def test_it_comes_back_without_signs_that_cannot_be_kept(self, tmp_path: Path) -> None:
        path = tmp_path / "summary.json"
        hostile = ReadingWarning("ocr_failed", (1,), {"reason": "\u202eegap\0"})
        write_summary(path, "Strategie\0 \ud8002025", [hostile])
        assert read_summary(path) == (
            "Strategie 2025",
            [ReadingWarning("ocr_failed", (1,), {"reason": "egap"})],
        )

    @pytest.mark.parametrize(
        "content",
        [
            "",
            "[]",
            "{}",
            '{"title": 1, "warnings": []}',
            '{"title": null, "warnings": "abc"}',
            '{"title": null, "warnings": [1]}',
            '{"title": null, "warnings": [{"code": "unreadable"}]}',
            '{"title": null, "warnings": [{"code": "none", "pages": [], "values": {}}]}',
            '{"title": null, "warnings": [{"code": "unreadable", "pages": [0], "values": {}}]}',
            '{"title": null, "warnings": [{"code": "unreadable", "pages": [2, 1], "values": {}}]}',
            '{"title": null, "warnings": [{"code": "noted", "pages": [], "values": {"text": []}}]}',
            '{"title": null, "warnings": [{"code": "noted", "pages": [], "values": {"<b>": 1}}]}',
            '{"title": null, "warnings": []}' + " " * LONGEST_SUMMARY + "x",
            "[" * 100_000,
        ],
        ids=lambda content: content[:40],
    )
    def test_what_is_no_summary_is_refused(self, tmp_path: Path, content: str) -> None:
        path = tmp_path / "summary.json"
        if content:
            path.write_text(content, encoding="ascii")
        if len(content) > LONGEST_SUMMARY:
            assert read_summary(path) == (None, []), "only what fits is read"
            return
        with pytest.raises(ReaderCrashed):
            read_summary(path)
