"""The parameters of requests: declared once, read by the routes, described by OpenAPI.

Each declaration has a name, a purpose, the JSON schema of its values, and how to read it from a request. An
empty value counts as not given, since browsers send the empty fields of a form. Pages ignore unknown
parameters, because others append theirs to links; files and the API refuse them.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, NamedTuple, Protocol, TypeVar, get_args

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from archive.dates import iso_date
from archive.errors import UsageError
from archive.images.image_files import ImageSize
from archive.languages import LANGUAGES, Language
from archive.records import KINDS, Kind
from index.engine.contract import Filters, Sort
from index.occurrences.concordance import Order
from index.occurrences.trends import Scale
from index.query.tree import NONE, UNDATED
from index.query.tree import Years as FirstAndLast
from search_app.library import current_library

Arguments = MultiDict[str, str]
"""The query string or form of a request."""

Value = TypeVar("Value", bound=str | None)

Grouping = Literal["document", "page"]
"""How results are listed."""

Numbering = Literal["label", "number"]
"""How a reader names a page: as printed, or by its number in the file, from 1."""

PageView = Literal["page", "text"]
"""What is shown of a page: image and text, or the text alone."""

ShownRows = Literal["all", "changed", "numbers", "new", "dropped", "moved", "kept"]
"""Which passages of two editions are shown; `numbers`: those changed in which a number is another."""

YesOrNo = Literal["no", "yes"]

EARLIEST, LATEST = 1000, 9999
"""Years have four digits."""


class Parameter(Protocol):
    """What every declaration says about itself."""

    @property
    def name(self) -> str: ...

    @property
    def purpose(self) -> str: ...

    @property
    def schema(self) -> Mapping[str, object]:
        """JSON schema of the value, as in the parameter objects of OpenAPI 3.1."""


class WrongParameter(UsageError):
    """A parameter of the request has a value that cannot be used, or is not known at all."""

    code = "wrong-parameter"
    parameter = ""
    """Its name, where it is known."""
    value = ""


@dataclass(frozen=True, slots=True)
class TextParameter:
    """A text. If it is too long, it is refused and not shortened."""

    name: str
    purpose: str
    longest: int

    @property
    def schema(self) -> Mapping[str, object]:
        return {"type": "string", "maxLength": self.longest, "default": ""}

    def read(self, arguments: Arguments) -> str:
        text = arguments.get(self.name, "")
        if len(text) > self.longest:
            allowed = gettext("at most %(count)s characters", count=self.longest)
            raise _wrong(self.name, f"{text[:20]}…", allowed)
        return text


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts, given by repeating the parameter. Empty ones are kept, so that positions stay the same."""

    name: str
    purpose: str
    longest: int
    most: int
    """Most texts that are not empty; at least one is required."""

    @property
    def schema(self) -> Mapping[str, object]:
        items = {"type": "string", "maxLength": self.longest}
        return {
            "type": "array",
            "items": items,
            "contains": {"type": "string", "pattern": r"\S"},
            "minContains": 1,
            "maxContains": self.most,
            "minItems": 1,
        }

    def read(self, arguments: Arguments) -> list[str]:
        texts = [text.strip() for text in arguments.getlist(self.name)]
        if any(len(text) > self.longest for text in texts):
            raise WrongParameter(
                gettext("A term is longer than %(count)s characters.", count=self.longest),
                gettext("Enter a word or a phrase."),
            )
        return texts


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """An integer within bounds."""

    name: str
    purpose: str
    low: int
    high: int
    default: int

    @property
    def schema(self) -> Mapping[str, object]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high, "default": self.default}

    def read(self, arguments: Arguments) -> int:
        text = arguments.get(self.name, "").strip()
        if not text:
            return self.default
        if not re.fullmatch("[0-9]{1,9}", text) or not self.low <= int(text) <= self.high:
            allowed = gettext("a whole number from %(low)s to %(high)s", low=self.low, high=self.high)
            raise _wrong(self.name, text, allowed)
        return int(text)


@dataclass(frozen=True, slots=True)
class Choice(Generic[Value]):
    """One of some words."""

    name: str
    purpose: str
    allowed: Sequence[Value]
    default: Value

    @property
    def schema(self) -> Mapping[str, object]:
        default = {} if self.default is None else {"default": self.default}
        return {"type": "string", "enum": [*self.allowed, ""], **default}

    def read(self, arguments: Arguments) -> Value:
        text = arguments.get(self.name, "").strip()
        if not text:
            return self.default
        for value in self.allowed:
            if value == text:
                return value
        raise _wrong(self.name, text, _one_of(self.allowed))


@dataclass(frozen=True, slots=True)
class Choices(Generic[Value]):
    """Any number of some words: the parameter is repeated, or its values are separated by commas."""

    name: str
    purpose: str
    allowed: Callable[[], Sequence[Value]]

    @property
    def schema(self) -> Mapping[str, object]:
        return {"type": "array", "items": {"type": "string", "enum": [*self.allowed(), ""]}}

    def read(self, arguments: Arguments) -> frozenset[Value]:
        values = _separate(arguments.getlist(self.name))
        if not values:
            return frozenset()
        allowed = self.allowed()
        for value in values:
            if value not in allowed:
                raise _wrong(self.name, value, _one_of(allowed))
        return frozenset(value for value in allowed if value in values)


@dataclass(frozen=True, slots=True)
class LanguageOfEach:
    """Languages, given by repeating the parameter. An empty one means any language, and keeps its
    position."""

    name: str
    purpose: str

    @property
    def schema(self) -> Mapping[str, object]:
        return {"type": "array", "items": {"type": "string", "enum": ["", *LANGUAGES]}}

    def read(self, arguments: Arguments) -> list[Language | None]:
        found: list[Language | None] = []
        for value in arguments.getlist(self.name):
            found.append(next((language for language in LANGUAGES if language == value), None))
            if value and found[-1] is None:
                raise WrongParameter(
                    gettext("There is no language %(name)s here.", name=shown_value(value)),
                    gettext("Allowed: %(allowed)s.", allowed=", ".join(LANGUAGES)),
                )
        return found


@dataclass(frozen=True, slots=True)
class Identifier:
    """The identifier of one document."""

    name: str
    purpose: str

    @property
    def schema(self) -> Mapping[str, object]:
        return {"type": "string", "pattern": "^([0-9a-f]{16})?$"}

    def read(self, arguments: Arguments) -> str | None:
        text = arguments.get(self.name, "").strip()
        return _identifier(self.name, text) if text else None


@dataclass(frozen=True, slots=True)
class Key:
    """The identifier of a document, in the path of an address."""

    name: str
    purpose: str

    @property
    def schema(self) -> Mapping[str, object]:
        return {"type": "string", "pattern": "^[0-9a-f]{16}$"}


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A number from 1, in the path of an address."""

    name: str
    purpose: str

    @property
    def schema(self) -> Mapping[str, object]:
        return {"type": "integer", "minimum": 1}


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Any number of identifiers of documents: the parameter is repeated, or they are separated by commas."""

    name: str
    purpose: str

    @property
    def schema(self) -> Mapping[str, object]:
        return {"type": "array", "items": {"type": "string", "pattern": "^([0-9a-f]{16})?$"}}

    def read(self, arguments: Arguments) -> frozenset[str]:
        return frozenset(_identifier(self.name, value) for value in _separate(arguments.getlist(self.name)))


_YEAR, _NO_YEAR = r"[1-9]\s*([0-9]\s*){3}", "".join(rf"{letter}\s*" for letter in NONE)
"""Patterns of a year and of `none`, with white space allowed everywhere."""


@dataclass(frozen=True, slots=True)
class YearsParameter:
    """A year, or a first and a last year with a hyphen between, or `none`: documents without a year."""

    name: str
    purpose: str

    @property
    def schema(self) -> Mapping[str, object]:
        return {
            "type": "string",
            "pattern": rf"^\s*({_YEAR}([-–]\s*{_YEAR})?|{_NO_YEAR})?$",
            "examples": ["2011-2020", NONE],
        }

    def read(self, arguments: Arguments) -> FirstAndLast | None:
        text = "".join(arguments.get(self.name, "").split()).replace("–", "-")
        if not text:
            return None
        if text == NONE:
            return UNDATED
        match = re.fullmatch("([1-9][0-9]{3})(?:-([1-9][0-9]{3}))?", text, re.ASCII)
        if not match:
            raise _wrong(
                self.name, text, gettext("a year, such as 2011, a range, such as 2011-2020, or none")
            )
        return _in_order(self.name, int(match[1]), int(match[2] or match[1]))


@dataclass(frozen=True, slots=True)
class Date:
    """A date as full as it is known: a year, a year and a month, or a day."""

    name: str
    purpose: str

    @property
    def schema(self) -> Mapping[str, object]:
        return {"type": "string", "pattern": "^([0-9]{4}(-[0-9]{2}){0,2})?$", "examples": ["2014-04-24"]}

    def read(self, arguments: Arguments) -> str:
        text = arguments.get(self.name, "").strip()
        date = iso_date(text) if text else ""
        if date is None:
            allowed = gettext("a year, a year and a month, or a day: 2014, 2014-04 or 2014-04-24")
            raise _wrong(self.name, text, allowed)
        return date


_BEHIND_A_LINK = ".,;:!?)]}>»”’\"'"
"""Signs that follow a link in a sentence, and that some programs take for the end of the link."""


class WordRange(NamedTuple):
    """The numbers of the first and the last word on a page, from 0, in the order of the page's blocks."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class WordsParameter:
    """A word of a page by its number, from 0, or a first and a last one with a hyphen between."""

    name: str
    purpose: str

    @property
    def schema(self) -> Mapping[str, object]:
        return {"type": "string", "pattern": "^([0-9]{1,6}(-[0-9]{1,6})?)?$", "examples": ["17-31"]}

    def read(self, arguments: Arguments) -> WordRange | None:
        text = arguments.get(self.name, "").strip().rstrip(_BEHIND_A_LINK)
        if not text:
            return None
        match = re.fullmatch("([0-9]{1,6})(?:-([0-9]{1,6}))?", text)
        if not match or int(match[2] or match[1]) < int(match[1]):
            raise self.wrong(text, gettext("the number of a word, such as 17, or a range, such as 17-31"))
        return WordRange(int(match[1]), int(match[2] or match[1]))

    def wrong(self, value: str, allowed: str) -> WrongParameter:
        """The error for numbers that the page does not have."""
        return _wrong(self.name, value, allowed)


@dataclass(frozen=True, slots=True)
class Digest:
    """A short digest of the words that a link is to: 8 hexadecimal digits."""

    name: str
    purpose: str

    @property
    def schema(self) -> Mapping[str, object]:
        return {"type": "string", "pattern": "^([0-9a-f]{8})?$"}

    def read(self, arguments: Arguments) -> str | None:
        text = arguments.get(self.name, "").strip().rstrip(_BEHIND_A_LINK)
        if text and not re.fullmatch("[0-9a-f]{8}", text):
            raise _wrong(self.name, text, gettext("a digest of 8 hexadecimal digits"))
        return text or None


Q = TextParameter("q", "What to search for, in the query language that the help page explains.", 100_000)
YEAR = YearsParameter(
    "year", "Year of the document, such as 2011, or a range, such as 2011-2020; none: without a year."
)
FROM = WholeNumber("from", "First year, instead of a year or range.", EARLIEST, LATEST, EARLIEST)
TO = WholeNumber("to", "Last year, instead of a year or range.", EARLIEST, LATEST, LATEST)
LANGUAGE: Choices[Language] = Choices(
    "language", "Language of the text; repeatable, or with commas.", lambda: LANGUAGES
)
PLAN: Choices[str] = Choices(
    "plan",
    "Plan that the document belongs to; repeatable, or with commas; none: no plan.",
    lambda: [*(plan.slug for plan in current_library().catalogue.plans()), NONE],
)
KIND: Choices[Kind] = Choices("kind", "Sort of document; repeatable, or with commas.", lambda: KINDS)
DOCUMENT = Identifiers("document", "Identifier of the document to search in; repeatable, or with commas.")
SORT: Choice[Sort] = Choice(
    "sort", "Best matches first, or newest documents first.", get_args(Sort), "relevance"
)
BY: Choice[Grouping] = Choice(
    "by", "Results by document, each with its best pages, or page by page.", get_args(Grouping), "document"
)
ORDER: Choice[Order] = Choice(
    "order", "Lines by year, by document, or by the words left or right of them.", get_args(Order), "year"
)
NUMBERING: Choice[Numbering] = Choice(
    "by", "A page by the number printed on it, or by its number in the file.", get_args(Numbering), "label"
)
PAGE_NAME = TextParameter("to", "A page of a document, as the reader names it: its label or its number.", 40)
SCALE: Choice[Scale] = Choice("by", "Frequencies by year or by plan.", get_args(Scale), "year")
COMPOUNDS: Choice[YesOrNo] = Choice(
    "compounds",
    "Whether longer words that have a word in them, such as klimaatplan for klimaat, count as well.",
    get_args(YesOrNo),
    "no",
)
VIEW: Choice[PageView] = Choice(
    "view", "A page as image and text, or as text alone.", get_args(PageView), "page"
)
SHOW: Choice[ShownRows] = Choice(
    "show",
    "Passages of two editions: all, or those of one sort; numbers: those in which a number changed.",
    get_args(ShownRows),
    "all",
)
SWAP: Choice[Literal["no", "yes"]] = Choice(
    "swap", "Whether to put the newer edition on the left, where the older one stands.", ("no", "yes"), "no"
)
ONE_LANGUAGE: Choice[Language | None] = Choice(
    "language", "Language to compare two editions in; by default the first that both have.", LANGUAGES, None
)
SIZE: Choice[ImageSize] = Choice("size", "Of the image of a page.", get_args(ImageSize), "page")
PASSAGE = TextParameter("passage", "Words of a page, as they stand there.", 6_000)
WORDS = WordsParameter("words", "Numbers of the first and the last word on the page, from 0, such as 17-31.")
SUM = Digest("sum", "Digest of all words of a passage of which `passage` has only the first and last ones.")
SOURCE: Choice[Language | None] = Choice(
    "from", "Language to translate from; without it, that of the page or of most matches.", LANGUAGES, None
)
TARGET: Choice[Language | None] = Choice(
    "to",
    "Language to translate into; without it, that of the best translation, or French or Dutch.",
    LANGUAGES,
    None,
)
BESIDE = Identifier("with", "Identifier of the document to set beside; without it, the best translation.")
PAGE = WholeNumber("page", "Which page of the results, from 1.", 1, 1_000_000, 1)
PER_PAGE = WholeNumber("per_page", "How many results on a page.", 1, 100, 10)
HUNDRED = WholeNumber("leaves", "Which hundred of the pages of a long document, from 1.", 1, 100_000, 1)

MOST_TERMS = 6
"""Most terms of a chart of trends: it has no more marks that can be distinguished."""

TERM = Texts("term", "A term to count, in the query language; repeatable.", 1_000, MOST_TERMS)
COUNTED_IN = LanguageOfEach("in", "Language that each term is counted in, in the order of the terms.")

FILTERS: tuple[Parameter, ...] = (YEAR, FROM, TO, LANGUAGE, PLAN, KIND)
SEARCH: tuple[Parameter, ...] = (Q, *FILTERS, DOCUMENT, SORT, PAGE, PER_PAGE)


def read_filters(arguments: Arguments) -> Filters:
    """The filters of a request: years (`year`, `from`, `to`), languages, plans, kinds, documents.

    Raises:
        WrongParameter: a value cannot be used; the message says which one, and what is allowed.
    """
    years = YEAR.read(arguments)
    first, last = _in_order("from", FROM.read(arguments), TO.read(arguments))
    if years is None and (first, last) != (EARLIEST, LATEST):
        years = (first, last)
    elif years == UNDATED and (first, last) != (EARLIEST, LATEST):
        raise _wrong(YEAR.name, NONE, gettext("either documents without a year or a first and a last year"))
    elif years is not None and years != UNDATED:
        years = _in_order("year", max(years[0], first), min(years[1], last))
    return Filters(
        years=years,
        languages=LANGUAGE.read(arguments),
        plans=PLAN.read(arguments),
        kinds=KIND.read(arguments),
        documents=DOCUMENT.read(arguments),
    )


def refuse_unknown(arguments: Arguments, declared: Iterable[Parameter]) -> None:
    """Refuse a request with an unknown parameter: a misspelt filter would silently not filter.

    Raises:
        WrongParameter: it names the parameters that there are.
    """
    names = [parameter.name for parameter in declared]
    for name in arguments:
        if name not in names:
            raise WrongParameter(
                gettext("There is no parameter %(name)s.", name=shown_value(name)),
                gettext("Known parameters: %(names)s.", names=", ".join(names) or "-"),
            )


def _identifier(name: str, value: str) -> str:
    if not re.fullmatch("[0-9a-f]{16}", value):
        raise _wrong(name, value, gettext("an identifier of 16 hexadecimal digits"))
    return value


def _separate(values: Iterable[str]) -> list[str]:
    pieces = (piece.strip() for value in values for piece in value.split(","))
    return [piece for piece in pieces if piece]


def _in_order(name: str, first: int, last: int) -> tuple[int, int]:
    if first > last:
        raise _wrong(name, f"{first}-{last}", gettext("a first year that is not after the last year"))
    return first, last


def _one_of(allowed: Iterable[str | None]) -> str:
    return str(gettext("one of: %(values)s", values=", ".join(value for value in allowed if value)))


def _wrong(name: str, value: str, allowed: str) -> WrongParameter:
    message = gettext(
        "The parameter %(name)s has the value %(value)s, which cannot be used.",
        name=name,
        value=shown_value(value),
    )
    wrong = WrongParameter(message, gettext("Allowed: %(allowed)s.", allowed=allowed))
    wrong.parameter, wrong.value = name, value
    return wrong


def shown_value(value: str) -> str:
    """A value of the request for use in a message: short, and without control characters."""
    return repr(value if len(value) <= 60 else f"{value[:60]}…")
