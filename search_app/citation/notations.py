"""Writes a citation in the notations that people and programs use.

Each notation has its own rules for escaping. A title with braces, bars or markup is escaped so that programs
that read the notation get the title back unchanged.

BibTeX as biblatex reads it (Philipp Lehman et al., *The biblatex Package*), RIS (Research Information
Systems, 2011), CSL-JSON (Citation Style Language 1.0.2), and the templates of three Wikipedias.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from babel.dates import format_date
from markupsafe import escape

from archive.languages import INTERFACE_LANGUAGES, Language
from archive.records import Kind
from search_app.citation.citation import ARCHIVE, Citation
from search_app.document.word_links import Sheet
from search_app.web.display_names import says_year

NotationName = Literal[
    "text-nl", "text-fr", "text-en", "html", "wiki-nl", "wiki-fr", "wiki-en", "bib", "ris", "csl.json"
]
NOTATIONS: tuple[NotationName, ...] = get_args(NotationName)


@dataclass(frozen=True, slots=True)
class Work:
    """The names of a kind of document in other systems."""

    bibtex: str
    ris: str
    csl: str
    zotero: str
    schema: str
    """Type of schema.org."""


_REPORT = Work("report", "RPRT", "report", "report", "Report")

WORKS: Mapping[Kind, Work] = {
    "plan": _REPORT,
    "update": _REPORT,
    "summary": _REPORT,
    "report": _REPORT,
    "annex": _REPORT,
    # RIS knows no speeches; reference managers read slides as a presentation, and write a speech as slides.
    "speech": Work("misc", "SLIDE", "speech", "presentation", "CreativeWork"),
    # They read RIS's generic type as an article in a journal, which no document of the archive is.
    "other": Work("misc", "RPRT", "document", "document", "CreativeWork"),
}
"""The names of each kind of document in other systems."""


@dataclass(frozen=True, slots=True)
class _Manner:
    """The conventions for citations in one language."""

    quoted: str
    sheet: str
    sheets: str
    in_file: str
    undated: str
    accessed: str
    original: str
    demonstration: str
    damaged: str
    locale: str


_MANNERS: Mapping[Language, _Manner] = {
    "nl": _Manner(
        "“{}”",
        "p. {}",
        "p. {}–{}",
        "pagina {} van het bestand",
        "z.j.",
        "geraadpleegd op",
        "SHA-256 van het origineel",
        "demonstratietekst, niet het officiële document",
        "het bestand in het archief is beschadigd of ontbreekt",
        "nl",
    ),
    "fr": _Manner(
        "«\u00a0{}\u00a0»",
        "p.\u00a0{}",
        "p.\u00a0{}-{}",
        "page {} du fichier",
        "s.\u00a0d.",
        "consulté le",
        "SHA-256 de l’original",
        "texte de démonstration, non le document officiel",
        "le fichier des archives est endommagé ou manquant",
        "fr",
    ),
    "en": _Manner(
        "“{}”",
        "p. {}",
        "pp. {}–{}",
        "page {} of the file",
        "n.d.",
        "accessed",
        "SHA-256 of the original",
        "demonstration text, not the official document",
        "the file in the archive is damaged or missing",
        "en_GB",
    ),
}


def write(citation: Citation, notation: NotationName, interface: Language) -> str:
    """The citation in a notation; `interface` is the language of texts that the notation does not fix."""
    writers: Mapping[NotationName, Callable[[], str]] = {
        "text-nl": lambda: plain_text(citation, "nl"),
        "text-fr": lambda: plain_text(citation, "fr"),
        "text-en": lambda: plain_text(citation, "en"),
        "wiki-nl": lambda: wikipedia(citation, "nl"),
        "wiki-fr": lambda: wikipedia(citation, "fr"),
        "wiki-en": lambda: wikipedia(citation, "en"),
        "bib": lambda: bibtex(citation, interface),
        "ris": lambda: ris(citation, interface),
        "csl.json": lambda: csl_json(citation, interface),
        "html": lambda: html(citation, interface),
    }
    return writers[notation]()


def write_all(citations: Sequence[Citation], notation: NotationName, interface: Language) -> str:
    """Citations in a notation, such as a passage with its translation: one after the other, in one list where
    the notation has lists."""
    written = [write(citation, notation, interface) for citation in citations]
    if len(written) > 1 and notation == "csl.json":
        items = [item for text in written for item in json.loads(text)]
        return json.dumps(items, ensure_ascii=False, indent=2) + "\n"
    return ("" if all(text.endswith("\n") for text in written) else "\n").join(written)


def written_date(day: date, language: Language) -> str:
    """A date written out in words."""
    written = format_date(day, "long", locale=_manner(language).locale)
    return re.sub("^1 ", "1er ", written) if language == "fr" else written


def plain_text(citation: Citation, language: Language) -> str:
    """A footnote by the conventions of a language."""
    quote = _manner(language).quoted.format(_line(citation.quote.text)) + " " if citation.quote else ""
    before, after = _around_title(citation, language)
    found = _found(citation, language, citation.url)
    return f"{quote}{before}{_line(citation.title)}{after} {found}"


def html(citation: Citation, language: Language) -> str:
    """A quotation with its source as HTML; `language` is that of the words around it."""
    link, title = escape(citation.url), escape(_line(citation.title))
    cite = f'<cite{_lang(citation.language)}><a href="{link}">{title}</a></cite>'
    before, after = map(escape, _around_title(citation, language))
    line = f"<p{_lang(language)}>{before}{cite}{after} {escape(_found(citation, language, ''))}</p>"
    if citation.quote is None:
        return line
    words = escape(_line(citation.quote.text))
    return f'<blockquote cite="{link}"{_lang(citation.quote.language)}><p>{words}</p></blockquote>\n{line}'


def _lang(language: Language | None) -> str:
    return f' lang="{language}"' if language else ""


def _around_title(citation: Citation, language: Language) -> tuple[str, str]:
    """The text before the title (author) and after it (year, unless the title contains it, and page)."""
    manner = _manner(language)
    year = str(citation.year) if citation.year else manner.undated
    parts = [f", {year}" if language == "fr" else f" ({year})"]
    if says_year(citation.title, citation.year):
        parts = []
    if citation.is_demonstration:
        parts.append(f", {manner.demonstration}")
    if citation.sheets:
        parts.append(f", {_pages(citation.sheets, manner)}")
    return f"{_line(citation.author)}, " if citation.author else "", "".join(parts) + "."


def _pages(sheets: tuple[Sheet, ...], manner: _Manner) -> str:
    labels = [_line(sheet.label) for sheet in sheets]
    named = manner.sheet.format(*labels) if len(labels) == 1 else manner.sheets.format(labels[0], labels[-1])
    numbers = [str(sheet.number) for sheet in sheets]
    return named if labels == numbers else f"{named} ({manner.in_file.format('–'.join(numbers))})"


def _found(citation: Citation, language: Language, link: str) -> str:
    """Archive, date of access, link and checksum."""
    manner = _manner(language)
    parts = [ARCHIVE, f"{manner.accessed} {written_date(citation.accessed, language)}"]
    parts += [link] if link else []
    return ", ".join(parts) + f". {_proof(citation, language)}."


def _proof(citation: Citation, language: Language) -> str:
    separator = f"{_no_break_space(language)}: "
    doubt = f" ({_manner(language).damaged})" if citation.damage else ""
    return f"{_manner(language).original}{separator}{citation.sha256}{doubt}"


def _manner(language: Language) -> _Manner:
    return _MANNERS[language if language in INTERFACE_LANGUAGES else "en"]


def _no_break_space(language: Language) -> str:
    """What the language puts before a colon and a semicolon."""
    return "\u00a0" if language == "fr" else ""


def _notes(citation: Citation, language: Language) -> str:
    notes = [_manner(language).demonstration] if citation.is_demonstration else []
    if citation.sheets and [sheet.label for sheet in citation.sheets] != _numbers(citation):
        notes.append(_manner(language).in_file.format("–".join(_numbers(citation))))
    return f"{_no_break_space(language)}; ".join([*notes, _proof(citation, language)])


def _numbers(citation: Citation) -> list[str]:
    return [str(sheet.number) for sheet in citation.sheets]


def _labels(citation: Citation) -> str:
    return "–".join(_line(sheet.label) for sheet in citation.sheets)


_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        # Braces that are escaped still count when BibTeX looks for the end of a field.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "`": r"\textasciigrave{}",
        **{sign: f"\\{sign}" for sign in "&%$#_"},
    }
)

_LIGATURES = re.compile(r"(?<=([-',<>]))(?=\1)")
"""The position between two signs that TeX would join, such as two hyphens to a dash."""


def bibtex(citation: Citation, language: Language) -> str:
    """An entry for biblatex; accents as UTF-8."""
    text: list[tuple[str, str | None]] = [
        ("author", _bracketed(citation.author)),
        # A second pair of braces keeps the capitals.
        ("title", _bracketed(citation.title)),
        ("year", str(citation.year) if citation.year else None),
        ("type", _tex(citation.genre)),
        ("institution", _bracketed(citation.author)),
        ("pages", "--".join(_tex(sheet.label) for sheet in citation.sheets)),
        ("pagetotal", None if citation.sheets else str(citation.pages)),
        ("langid", _LANGID.get(citation.language) if citation.language else None),
        ("url", citation.url),
        ("urldate", citation.accessed.isoformat()),
        ("library", ARCHIVE),
        ("note", _tex(_notes(citation, language))),
        ("annotation", _tex(citation.quote.text) if citation.quote else None),
    ]
    fields = ",\n".join(f"  {name} = {{{value}}}" for name, value in text if value)
    return f"@{WORKS[citation.kind].bibtex}{{{citation.key},\n{fields}\n}}\n"


_LANGID: Mapping[Language, str] = {"nl": "dutch", "fr": "french", "en": "english", "de": "german"}


def _bracketed(text: str | None) -> str | None:
    return f"{{{_tex(text)}}}" if text else None


def _tex(text: str) -> str:
    return _LIGATURES.sub("{}", _line(text).translate(_TEX))


def ris(citation: Citation, language: Language) -> str:
    """A record of RIS: lines end in CR LF, and no value has a line of its own to end the record with."""
    quote = citation.quote
    lines: list[tuple[str, str | None]] = [
        ("TY", WORKS[citation.kind].ris),
        ("ID", citation.key),
        # The name of a body must have no comma, which would split it into family and given names.
        ("AU", citation.author),
        ("TI", citation.title),
        ("PY", str(citation.year) if citation.year else None),
        ("DA", _ris_date(citation.issued)),
        ("M3", citation.genre),
        ("PB", citation.author),
        ("SP", citation.sheets[0].label if citation.sheets else None),
        ("EP", citation.sheets[-1].label if len(citation.sheets) > 1 else None),
        ("LA", citation.language),
        ("DB", ARCHIVE),
        ("UR", citation.url),
        ("L1", None if citation.damage else citation.original_url),
        ("Y2", citation.accessed.strftime("%Y/%m/%d")),
        ("N1", _manner(language).quoted.format(quote.text) if quote else None),
        ("N1", _notes(citation, language)),
    ]
    return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in lines if value) + "ER  - \r\n"


def _ris_date(date: str | None) -> str | None:
    """YYYY/MM/DD/, where more than the year is known; the year has a field of its own."""
    year, *rest = (date or "").split("-")
    return "/".join([year, *rest, *[""] * (3 - len(rest))]) if rest else None


def csl_json(citation: Citation, language: Language) -> str:
    """A list with one item of CSL-JSON."""
    day = citation.accessed
    item: dict[str, object] = {
        "id": citation.key,
        "type": WORKS[citation.kind].csl,
        "title": _line(citation.title),
        "author": [{"literal": _line(citation.author)}] if citation.author else None,
        "publisher": _line(citation.author) if citation.author else None,
        "issued": {"date-parts": [list(map(int, citation.issued.split("-")))]} if citation.issued else None,
        "genre": citation.genre,
        "language": citation.language,
        "page": _labels(citation) or None,
        "number-of-pages": citation.pages,
        "archive": ARCHIVE,
        "URL": citation.url,
        "accessed": {"date-parts": [[day.year, day.month, day.day]]},
        "note": _notes(citation, language),
        "annote": _line(citation.quote.text) if citation.quote else None,
    }
    filled = {name: value for name, value in item.items() if value is not None}
    return json.dumps([filled], ensure_ascii=False, indent=2) + "\n"


_WIKI = re.compile(r"[&<>{}\[\]|~]|^'|'$|''+|__+|^[*#:;]|:(?=//)")
"""Signs with a meaning in wikitext; apostrophes at the ends would join those of a template. An equals sign
has a meaning only once in a parameter."""


def wikipedia(citation: Citation, language: Language) -> str:
    """The template that the Wikipedia of `language` cites such a source with."""
    quote = citation.quote.text if citation.quote else None
    # A template puts the year after the title; data for programs have it in any case, as a style without it
    # would print that there is none.
    year = str(citation.year) if citation.year and not says_year(citation.title, citation.year) else None
    pages = _labels(citation) or None
    of_other_language = citation.language if citation.language != language else None
    # An address has its own escapes, and stays readable.
    day, link = citation.accessed, citation.url.replace("~", "%7E").replace("__", "_%5F")
    templates: Mapping[Language, tuple[str, Iterable[tuple[str, str | None]]]] = {
        "nl": (
            "Citeer web",
            [
                ("auteur", citation.author),
                ("titel", citation.title),
                ("url", link),
                ("datum", year),
                ("werk", ARCHIVE),
                ("pagina's", pages),
                ("taal", of_other_language),
                ("bezochtdatum", day.isoformat()),
                ("citaat", quote),
            ],
        ),
        "fr": (
            "Lien web",
            [
                ("langue", of_other_language),
                ("auteur institutionnel", citation.author),
                ("titre", citation.title),
                ("url", link),
                ("site", ARCHIVE),
                ("année", year),
                ("page", pages),
                ("consulté le", written_date(day, "fr")),
                ("citation", quote),
            ],
        ),
        "en": (
            "cite report",
            [
                ("author", citation.author),
                ("title", citation.title),
                ("url", link),
                ("year", year),
                ("type", citation.genre),
                ("page" if len(citation.sheets) < 2 else "pages", pages),
                ("language", of_other_language),
                ("via", ARCHIVE),
                ("access-date", day.isoformat()),
                ("quote", quote),
            ],
        ),
    }
    name, parameters = templates[language]
    given = " ".join(
        f"|{key}={value if value is link else _wikitext(value)}" for key, value in parameters if value
    )
    return f"{{{{{name} {given}}}}}"


def _wikitext(text: str) -> str:
    """Text with all signs escaped that have a meaning in a wiki."""
    return _WIKI.sub(lambda found: "".join(f"&#{ord(sign)};" for sign in found[0]), _line(text))


def _line(text: str) -> str:
    """The text on one line, with single spaces; no-break spaces are kept."""
    return re.sub(r"[^\S\u00a0\u202f]+", " ", text).strip()
