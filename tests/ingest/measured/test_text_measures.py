"""The measures that the benchmark of text uses, on examples that can be counted by hand."""

import pytest

from tests.benchmarks.text_measures import (
    agreement,
    box_errors,
    character_error_rate,
    order_kept,
    word_error_rate,
)


def test_words_and_letters_that_are_wrong() -> None:
    truth = ["een", "twee", "drie", "vier"]
    assert word_error_rate(truth, ["drie", "een", "vijf"]) == 0.5
    # "twee" is missing, "vier" became "vijf".
    assert character_error_rate(truth, ["drie", "een", "vijf"]) == pytest.approx((4 + 2) / 15)
    assert character_error_rate(truth, [*truth, "bij"]) == pytest.approx(3 / 15)
    assert character_error_rate([], []) == 0


def test_order_that_is_kept() -> None:
    assert order_kept(["a", "b", "c", "d"], ["a", "b", "d", "c"]) == pytest.approx(1 / 3)
    assert order_kept(["a", "b", "a", "b"], ["a", "b"]) == pytest.approx(1 / 3)


def test_words_in_common() -> None:
    assert agreement(["a", "a", "b"], ["a", "b", "c"]) == 0.5


def test_boxes_of_words_that_stand_once() -> None:
    boxes = [("een", (0, 0, 9, 9)), ("twee", (0, 0, 1, 1)), ("twee", (5, 5, 6, 6))]
    reference = [("een", (0, 1, 9, 11)), ("twee", (0, 0, 1, 1))]
    assert box_errors(boxes, reference) == [2.0]
