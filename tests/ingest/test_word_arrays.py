"""Words of a page as arrays."""

import math

import numpy as np
import pytest

from ingest.word_arrays import middle


@pytest.mark.parametrize("count", [1, 2, 3, 10, 401])
def test_the_middle_is_the_median(count: int) -> None:
    values = np.random.default_rng(count).normal(10, 2, count).round(1)
    assert middle(values) == np.median(values)


def test_no_values_have_no_middle() -> None:
    assert math.isnan(middle(np.empty(0)))
