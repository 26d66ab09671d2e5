"""Explains to the reader, in Dutch, French or English, how the parser read a query."""

from collections.abc import Iterable, Mapping, Sequence

from archive.languages import LANGUAGES, Language
from index.query.parser import (
    DEEPEST,
    FARTHEST,
    LONGEST,
    MOST_TERMS,
    SHORTEST,
    And,
    Everything,
    Fuzzy,
    Near,
    Node,
    Not,
    Nothing,
    Notice,
    NoticeKind,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
    Title,
    joined_words,
)
from index.query.tree import NONE, UNDATED, years_as_text
from index.text.analysis import is_stop_word
from index.text.writing import AS_WRITTEN

_LONGEST_QUOTED = 60
"""Characters of the query that a notice repeats."""

_Words = Mapping[str, str]

_WORDS: Mapping[Language, _Words] = {
    "nl": {
        "pages": "pagina’s",
        "all pages": "alle pagina’s",
        "nothing": "geen woorden om naar te zoeken",
        "with": "met",
        "without": "zonder",
        "and": "en",
        "or": "of",
        "not": "niet {}",
        "quote": "“{}”",
        "phrase": "“{}” woord voor woord",
        "form": "“{}” in precies deze vorm",
        "near": "{} met hoogstens {} andere woorden ertussen",
        "prefix": "“{}” als begin van een woord",
        "fuzzy": "“{}” met hoogstens één tikfout",
        "title": "{} in de titel",
        "common": "zonder veelgebruikte woorden ({})",
        "language": "in het {}",
        "plan": "van het plan {}",
        "no compounds": "zonder samenstellingen",
        "no plan": "van geen plan",
        "undated": "in documenten zonder jaar",
        "nl": "Nederlands",
        "fr": "Frans",
        "en": "Engels",
        "de": "Duits",
    },
    "fr": {
        "pages": "pages",
        "all pages": "toutes les pages",
        "nothing": "aucun mot à rechercher",
        "with": "avec",
        "without": "sans",
        "and": "et",
        "or": "ou",
        "not": "sans {}",
        "quote": "« {} »",
        "phrase": "« {} » mot pour mot",
        "form": "« {} » sous cette forme exacte",
        "near": "{} séparés par {} autres mots au plus",
        "prefix": "« {} » en début de mot",
        "fuzzy": "« {} » à une faute de frappe près",
        "title": "{} dans le titre",
        "common": "mots courants mis à part ({})",
        "language": "en {}",
        "plan": "du plan {}",
        "no compounds": "sans les mots composés",
        "no plan": "d’aucun plan",
        "undated": "dans des documents sans année",
        "nl": "néerlandais",
        "fr": "français",
        "en": "anglais",
        "de": "allemand",
    },
    "en": {
        "pages": "pages",
        "all pages": "all pages",
        "nothing": "no words to search for",
        "with": "with",
        "without": "without",
        "and": "and",
        "or": "or",
        "not": "not {}",
        "quote": "“{}”",
        "phrase": "“{}” word for word",
        "form": "“{}” in exactly this form",
        "near": "{} with at most {} other words between them",
        "prefix": "“{}” as the beginning of a word",
        "fuzzy": "“{}” with at most one typo",
        "title": "{} in the title",
        "common": "ignoring common words ({})",
        "language": "in {}",
        "plan": "of the plan {}",
        "no compounds": "without compounds",
        "no plan": "of no plan",
        "undated": "in documents without a year",
        "nl": "Dutch",
        "fr": "French",
        "en": "English",
        "de": "German",
    },
}

_NOTICES: Mapping[NoticeKind, _Words] = {
    "too long": {
        "nl": f"Alleen het begin is gelezen: een zoekvraag telt ten hoogste {LONGEST} tekens.",
        "fr": f"Seul le début a été lu\xa0: une recherche compte au plus {LONGEST} caractères.",
        "en": f"Only the beginning was read: a query has at most {LONGEST} characters.",
    },
    "too deep": {
        "nl": f"Er staan meer dan {DEEPEST} haakjes of tekens in elkaar; de binnenste zijn weggelaten.",
        "fr": f"Plus de {DEEPEST} parenthèses ou signes sont imbriqués\xa0; les plus profonds sont ignorés.",
        "en": f"More than {DEEPEST} parentheses or signs are nested; the innermost are left out.",
    },
    "too many terms": {
        "nl": f"Er wordt naar hoogstens {MOST_TERMS} woorden tegelijk gezocht; de rest is weggelaten.",
        "fr": f"La recherche porte sur {MOST_TERMS} mots au plus\xa0; le reste est ignoré.",
        "en": f"At most {MOST_TERMS} words are searched at once; the rest is left out.",
    },
    "too far": {
        "nl": f"{{}} is gelezen met hoogstens {FARTHEST} woorden ertussen.",
        "fr": f"{{}} est lu avec {FARTHEST} mots d’écart au plus.",
        "en": f"{{}} was read with at most {FARTHEST} words between.",
    },
    "too short": {
        "nl": f"{{}} is als gewoon woord gelezen: voor * en ~ moeten minstens {SHORTEST} letters staan.",
        "fr": f"{{}} est lu comme un mot simple\xa0: * et ~ demandent au moins {SHORTEST} lettres avant.",
        "en": f"{{}} was read as a plain word: * and ~ need at least {SHORTEST} letters before them.",
    },
    "misplaced star": {
        "nl": "In {} telt het sterretje niet mee: het hoort aan het eind van een woord.",
        "fr": "Dans {}, l’astérisque est ignoré\xa0: il se place à la fin d’un mot.",
        "en": "In {} the asterisk is ignored: it belongs at the end of a word.",
    },
    "one typo only": {
        "nl": "{} is met hoogstens één tikfout gelezen.",
        "fr": "{} est lu à une faute de frappe près.",
        "en": "{} was read with at most one typo.",
    },
    "unclosed quotation mark": {
        "nl": "Een aanhalingsteken was niet gesloten; het is aan het eind gesloten.",
        "fr": "Un guillemet n’était pas fermé\xa0; il est fermé à la fin.",
        "en": "A quotation mark was not closed; it was closed at the end.",
    },
    "unclosed parenthesis": {
        "nl": "Een haakje was niet gesloten; het is aan het eind gesloten.",
        "fr": "Une parenthèse n’était pas fermée\xa0; elle est fermée à la fin.",
        "en": "A parenthesis was not closed; it was closed at the end.",
    },
    "stray parenthesis": {
        "nl": "Een haakje sluiten zonder begin is weggelaten.",
        "fr": "Une parenthèse fermante sans ouvrante est ignorée.",
        "en": "A closing parenthesis without an opening one is left out.",
    },
    "stray operator": {
        "nl": "{} hoort nergens bij en is weggelaten.",
        "fr": "{} ne se rapporte à rien et est ignoré.",
        "en": "{} belongs to nothing and is left out.",
    },
    "near without distance": {
        "nl": "{} is als woordgroep gelezen: na ~ ontbreekt het aantal woorden.",
        "fr": "{} est lu comme une expression\xa0: le nombre de mots manque après ~.",
        "en": "{} was read as a phrase: the number of words after ~ is missing.",
    },
    "unknown field": {
        "nl": "{} is geen bekend veld en is als woord gelezen.",
        "fr": "{} n’est pas un champ connu et est lu comme un mot.",
        "en": "{} is not a known field and was read as a word.",
    },
    "unusable value": {
        "nl": "{} is als woorden gelezen: de waarde past niet bij het veld.",
        "fr": "{} est lu comme des mots\xa0: la valeur ne convient pas à ce champ.",
        "en": "{} was read as words: the value does not suit the field.",
    },
    "excluded filter": {
        "nl": "{} kan niet worden uitgesloten en is weggelaten.",
        "fr": "{} ne peut pas être exclu et est ignoré.",
        "en": "{} cannot be excluded and is left out.",
    },
    "filter inside": {
        "nl": "{} geldt voor de hele zoekvraag, ook buiten de haakjes.",
        "fr": "{} vaut pour toute la recherche, aussi hors des parenthèses.",
        "en": "{} applies to the whole query, also outside the parentheses.",
    },
    "second year": {
        "nl": "Er staan meerdere jaren in de zoekvraag; alleen {} telt.",
        "fr": "La recherche nomme plusieurs années\xa0; seule {} compte.",
        "en": "The query names several years; only {} counts.",
    },
    "no language left": {
        "nl": "De taal in de zoekvraag en de taalfilter sluiten elkaar uit.",
        "fr": "La langue de la recherche et le filtre de langue s’excluent.",
        "en": "The language in the query and the language filter exclude each other.",
    },
    "no words": {
        "nl": "Er staan geen woorden om naar te zoeken in {}.",
        "fr": "Il n’y a pas de mots à rechercher dans {}.",
        "en": "There are no words to search for in {}.",
    },
}


def read_as(query: Query, language: Language) -> str:
    """One sentence on how a query was read, such as *Pages with “werk” and without “brussel”, in French*.

    Args:
        language: the language of the sentence; one that the site does not speak gives English.
    """
    sentence = _Sentence(_spoken(language)).of(query)
    return sentence[0].upper() + sentence[1:]


def notice_text(notice: Notice, language: Language) -> str:
    """A notice as one sentence in a language."""
    spoken = _spoken(language)
    about = notice.about
    if len(about) > _LONGEST_QUOTED:
        about = about[: _LONGEST_QUOTED - 1] + "…"
    return _NOTICES[notice.kind][spoken].format(_WORDS[spoken]["quote"].format(about))


def _spoken(language: Language) -> Language:
    return language if language in _WORDS else "en"


class _Sentence:
    """Puts one query into words."""

    def __init__(self, language: Language) -> None:
        self._words = _WORDS[language]
        self._common: list[str] = []

    def of(self, query: Query) -> str:
        filters = query.filters
        clauses = [self._pages(query.tree)]
        if self._common:
            clauses.append(
                self._words["common"].format(", ".join(map(self._quoted, dict.fromkeys(self._common))))
            )
        if filters.with_compounds is False:
            clauses.append(self._words["no compounds"])
        if filters.languages:
            names = [self._words[language] for language in LANGUAGES if language in filters.languages]
            clauses.append(self._words["language"].format(self._listed(names, "or")))
        if filters.years:
            clauses.append(
                self._words["undated"]
                if filters.years == UNDATED
                else years_as_text(filters.years).replace("-", "–")
            )
        if filters.plans:
            clauses.append(self._plans(filters.plans))
        return ", ".join(clauses)

    def _plans(self, plans: frozenset[str]) -> str:
        named = sorted(plans - {NONE})
        parts = [self._words["plan"].format(self._listed(named, "or"))] if named else []
        return self._listed([*parts, *[self._words["no plan"]] * (NONE in plans)], "or")

    def _pages(self, tree: Node) -> str:
        words = self._words
        if isinstance(tree, Nothing):
            return words["nothing"]
        children = self._asking(tree.children) if isinstance(tree, And) else [tree]
        wanted = [child for child in children if not isinstance(child, Not | Everything)]
        unwanted = [child.child for child in children if isinstance(child, Not)]
        parts = []
        if wanted:
            parts.append(f"{words['with']} {self._nodes(wanted, 'and')}")
        if unwanted:
            parts.append(f"{words['without']} {self._nodes(unwanted, 'or')}")
        if not parts:
            return words["all pages"]
        return f"{words['pages']} {self._listed(parts, 'and')}"

    def _asking(self, children: Sequence[Node]) -> list[Node]:
        """The children without stop words, if there are other words; the stop words are listed separately."""
        common = [child for child in children if isinstance(child, Term) and _is_common(child.word)]
        others = [child for child in children if child not in common]
        if all(isinstance(child, Not | Everything) for child in others):
            return list(children)
        self._common += [child.word for child in common]
        return others

    def _node(self, node: Node) -> str:
        words = self._words
        if joined := joined_words(node):
            return self._quoted("-".join(joined))
        match node:
            case Phrase((word,)) | Term(word) if isinstance(node, Phrase) or word.startswith(AS_WRITTEN):
                return words["form"].format(word.removeprefix(AS_WRITTEN))
            case Term(word):
                return self._quoted(word)
            case Phrase(parts):
                return words["phrase"].format(" ".join(part.removeprefix(AS_WRITTEN) for part in parts))
            case Near(parts, distance):
                return words["near"].format(self._listed(map(self._quoted, parts), "and"), distance)
            case Prefix(beginning):
                return words["prefix"].format(beginning)
            case Fuzzy(word):
                return words["fuzzy"].format(word)
            case Title(child):
                return words["title"].format(self._inner(child))
            case And(children):
                return self._nodes(self._asking(children), "and")
            case Or(children):
                return self._nodes(children, "or")
            case Not(child):
                return words["not"].format(self._inner(child))
            case Everything():
                return words["all pages"]
            case Nothing():
                return words["nothing"]

    def _nodes(self, nodes: Sequence[Node], word: str) -> str:
        return self._node(nodes[0]) if len(nodes) == 1 else self._listed(map(self._inner, nodes), word)

    def _inner(self, node: Node) -> str:
        """A node among others; in parentheses if it would be misread without them."""
        text = self._node(node)
        is_list = isinstance(node, Or) or (isinstance(node, And) and len(self._asking(node.children)) > 1)
        return f"({text})" if is_list and not joined_words(node) else text

    def _quoted(self, word: str) -> str:
        return self._words["quote"].format(word.removeprefix(AS_WRITTEN))

    def _listed(self, parts: Iterable[str], word: str) -> str:
        *first, last = parts
        return f"{', '.join(first)} {self._words[word]} {last}" if first else last


def _is_common(word: str) -> bool:
    return any(is_stop_word(word, language) for language in LANGUAGES)
