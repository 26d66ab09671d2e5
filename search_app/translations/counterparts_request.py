"""Reads a request for the translations of a word."""

from collections.abc import Sequence

from flask_babel import gettext

from archive.languages import LANGUAGES, Language
from index.engine.contract import Filters
from index.query.parser import Query, parse
from search_app.library import Library
from search_app.translations.chosen_texts import same_language
from search_app.translations.counterparts_study import Study
from search_app.web.parameters import (
    BESIDE,
    COMPOUNDS,
    DOCUMENT,
    SOURCE,
    TARGET,
    Arguments,
    Parameter,
    Q,
    WrongParameter,
)

PARAMETERS: tuple[Parameter, ...] = (Q, SOURCE, TARGET, COMPOUNDS, DOCUMENT, BESIDE)


def read_study(library: Library, arguments: Arguments, reader: Language) -> Study:
    """Search the translations of a term, as the parameters of a request say.

    Args:
        reader: the language that is preferred to translate German and English into.

    Raises:
        DocumentNotFound, Withdrawn: there is no such document for readers.
        WrongParameter: a parameter cannot be used.
        Busy: too many requests do heavy work.
    """
    query = parse(Q.read(arguments).strip())
    identifiers, beside = sorted(DOCUMENT.read(arguments)), BESIDE.read(arguments)
    documents = [library.document(identifier) for identifier in identifiers]
    if beside:
        library.document(beside)
        if len(documents) != 1:
            raise WrongParameter(
                gettext(
                    "It is not specified which document is translated by the one in %(name)s.", name="with"
                ),
                gettext("Give one document, or leave out the parameter %(name)s.", name="with"),
            )
    source = SOURCE.read(arguments) or _language_of(query, identifiers, library)
    target = TARGET.read(arguments) or _other_language(source, reader)
    if source == target:
        raise same_language(source)
    with_compounds = COMPOUNDS.read(arguments) == "yes"
    study = Study(library, query, source, target, documents, with_compounds=with_compounds)
    if query.text:
        with library.heavy_work():
            study.look(beside)
    return study


def _other_language(source: Language, reader: Language) -> Language:
    """The language that the plans of the Region are translated into from this one."""
    if source in ("nl", "fr"):
        return "fr" if source == "nl" else "nl"
    return reader if reader in ("nl", "fr") else "nl"


def _language_of(query: Query, documents: Sequence[str], library: Library) -> Language:
    """The language that most pages with the term are in."""
    engine, filters = library.engine(), Filters(documents=frozenset(documents))
    hidden = library.left_out(engine)
    counts = engine.count_by(query, filters, hidden, "language")
    return max(LANGUAGES, key=lambda language: counts.get(language, 0))
