"""Make a failing document small: the fewest features, elements and sentences with which it still fails."""

from collections.abc import Callable
from dataclasses import replace

from tests.layouts.recipe import FEATURES, Element, Recipe

_FEWEST_ROWS = 3
"""What has fewer is no table."""


def reduced(recipe: Recipe, fails: Callable[[Recipe], bool]) -> Recipe:
    """The smallest recipe that still fails, cut down greedily."""
    for feature in FEATURES:
        if feature in recipe.features:
            recipe = _if(recipe.without(feature), recipe, fails)
    recipe = _with_fewer_elements(recipe, fails)
    for feature in FEATURES:
        if feature in recipe.features:
            recipe = _if(recipe.without(feature), recipe, fails)
    for place in range(len(recipe.elements)):
        recipe = _with_shorter_element(recipe, place, fails)
    return _with_fewer_elements(recipe, fails)


def _if(smaller: Recipe, recipe: Recipe, fails: Callable[[Recipe], bool]) -> Recipe:
    return smaller if smaller.elements and fails(smaller) else recipe


def _with_fewer_elements(recipe: Recipe, fails: Callable[[Recipe], bool]) -> Recipe:
    """Cut runs of elements, long ones first."""
    length = max(1, len(recipe.elements) // 2)
    while length:
        start = 0
        while start < len(recipe.elements):
            kept = recipe.elements[:start] + recipe.elements[start + length :]
            smaller = replace(recipe, elements=kept)
            if kept and fails(smaller):
                recipe = smaller
            else:
                start += length
        length //= 2
    return recipe


def _with_shorter_element(recipe: Recipe, place: int, fails: Callable[[Recipe], bool]) -> Recipe:
    """Cut sentences, items and rows of an element one by one."""
    number = 0
    while number < _length(recipe.elements[place]):
        element = _without_part(recipe.elements[place], number)
        smaller = replace(recipe, elements=(*recipe.elements[:place], element, *recipe.elements[place + 1 :]))
        if _length(element) >= (_FEWEST_ROWS if element.kind == "table" else 1) and fails(smaller):
            recipe = smaller
        else:
            number += 1
    return recipe


def _length(element: Element) -> int:
    return len(element.texts) if _is_cut_by_rows(element) else len(element.texts[0])


def _is_cut_by_rows(element: Element) -> bool:
    """Whether its rows are its parts: the rows of tables and forms are never cut themselves."""
    return len(element.texts) > 1 or element.kind in ("table", "form")


def _without_part(element: Element, number: int) -> Element:
    if _is_cut_by_rows(element):
        return replace(element, texts=element.texts[:number] + element.texts[number + 1 :])
    (row,) = element.texts
    return replace(element, texts=(row[:number] + row[number + 1 :],))
