"""Every word that the site says exists in Dutch, French and English."""

import re
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

SITE = Path(__file__).parents[3] / "search_app"
LANGUAGES = ("nl", "fr", "en")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
NAMES = {"Terugblik", "API", "CSV", "XLSX", "JSON", "Lines", "SHA", "Secure", "Hash", "Algorithm"}
"""What needs no translation."""


Said = tuple[str | None, str | tuple[str, str]]
"""The context in which something is said, where it needs one, and what is said."""


def said_in_the_code() -> set[Said]:
    with (SITE / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(SITE, methods, options, keywords=KEYWORDS)
    return {(context, message) for _file, _line, message, _comments, context in found}


def catalog(language: str) -> Catalog:
    with (SITE / "messages" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


@pytest.fixture(scope="module")
def said() -> set[Said]:
    return said_in_the_code()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_and_no_translation_is_left_over(said: set[Said], language: str) -> None:
    assert len(said) > 200
    translated = {(message.context, message.id) for message in catalog(language) if message.id}
    assert translated == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_empty_or_doubtful(language: str) -> None:
    for message in catalog(language):
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(text.strip() for text in texts), message.id
        assert not message.fuzzy, message.id
        assert len(texts) == (2 if message.pluralizable else 1), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_places_for_names_and_numbers(language: str) -> None:
    for message in catalog(language):
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        places = set(re.findall(r"%\(\w+\)s", str(message.id)))
        for text in texts:
            assert set(re.findall(r"%\(\w+\)s", text)) == places, message.id
            assert not re.search(r"%(?!\(\w+\)s)", text), message.id


def texts(language: str) -> list[str]:
    strings = [message.string for message in catalog(language) if message.id]
    return [text for each in strings for text in (each if isinstance(each, tuple) else (each,))]


def test_french_punctuation_is_never_parted_from_its_word() -> None:
    """No line may begin with a colon or end with an opening quotation mark."""
    for text in texts("fr"):
        assert not re.search(r"«(?!\xa0)|(?<!\xa0)[»;!?]|\d \d", text), text
        assert not re.search(r"(?<!\xa0|\w):|\w:(?!\w)", text), text  # year:2011 is a query


@pytest.mark.parametrize(("language", "marks"), [("nl", "‘«»"), ("fr", "‘“”"), ("en", "‘«»")])
def test_quotation_marks_are_those_of_the_language(language: str, marks: str) -> None:
    for text in texts(language):
        assert not set(text) & set(marks), text


def test_the_english_words_are_those_of_the_code() -> None:
    assert [message.id for message in catalog("en") if message.id and message.id != message.string] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_parts_of_a_page_with_other_names_have_other_names_in_each_language(language: str) -> None:
    """Those who hear a page choose between its parts by name."""
    label = re.compile(r"""aria-label="\{\{ _\('([^']+)'\) \}\}\"""")
    names = {name for template in SITE.rglob("*.html") for name in label.findall(template.read_text())}
    assert len(names) > 15
    translated = [message.string for message in catalog(language) if message.id in names]
    assert len(set(translated)) == len(translated) == len(names)


@pytest.mark.parametrize("template", sorted(SITE.rglob("*.html")), ids=lambda path: path.name)
def test_templates_say_nothing_that_is_not_translated(template: Path) -> None:
    text = re.sub(r"\{#.*?#\}", " ", template.read_text(), flags=re.DOTALL)
    text = re.sub(r"\{% block body_class %\}\w*", " ", text)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"<(pre|code)\b.*?</\1>|<div lang=\"en\">.*</div>", " ", text, flags=re.DOTALL)
    spoken = re.findall(r"\b(?:title|alt|placeholder|aria-label)=\"([^\"]*)\"", text)
    spoken.append(re.sub(r"<[^>]*>| lang=\"\s*\"", " ", text))
    assert set(re.findall(r"[^\W\d_]{2,}", " ".join(spoken))) <= NAMES
