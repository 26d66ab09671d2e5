"""The forms of a word that were counted, as programs and files get them."""

from typing import TypedDict

from index.query.forms import Forms


class FormJson(TypedDict):
    """A word as it is written, in lower case, and how often it occurs."""

    word: str
    count: int


class FormsJson(TypedDict):
    """What was counted for a word, the beginning of one, or a query: the word itself first, then the most
    frequent other forms; of the rest their number and how often they occur."""

    asked: str
    forms: list[FormJson]
    more: int
    more_count: int


def forms_as_json(forms: Forms) -> FormsJson:
    """The forms of a word as programs get them."""
    return {
        "asked": forms.searched,
        "forms": [{"word": form.word, "count": form.count} for form in forms.named],
        "more": forms.more,
        "more_count": forms.more_count,
    }


def forms_as_text(forms: Forms) -> str:
    """The forms of a word in the header of a file, such as *klimaat 72, klimaatplan 3, and 4 more 5*."""
    named = [f"{form.word} {form.count}" for form in forms.named]
    return ", ".join([*named, f"and {forms.more} more {forms.more_count}"] if forms.more else named)
