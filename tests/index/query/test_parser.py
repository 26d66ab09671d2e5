"""The query parser: the whole grammar, and any string whatever."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.languages import INTERFACE_LANGUAGES
from index.query.explanation import notice_text, read_as
from index.query.parser import (
    DEEPEST,
    LONGEST,
    MOST_TERMS,
    And,
    Everything,
    Fuzzy,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    QueryFilters,
    Term,
    Title,
    either_joined,
    filter_places,
    leaves,
    parse,
    set_compounds,
    without_compounds,
)
from index.query.tree import UNDATED

a, b, c = Term("a"), Term("b"), Term("c")
werk = Term("werk")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("werk", werk),
        ("Werk, OPLEIDING!", And((werk, Term("opleiding")))),
        ("werk werk", werk),
        ("a AND b", And((a, b))),
        ('"pacte de l\'emploi"', Phrase(("pacte", "de", "l", "emploi"))),
        ("“pacte social”", Phrase(("pacte", "social"))),
        ("„pacte social“", Phrase(("pacte", "social"))),
        ("« pacte social »", Phrase(("pacte", "social"))),
        ('"werk"', Phrase(("werk",))),
        ('"a b"~5', Near(("a", "b"), 5)),
        ('"a"~5', Phrase(("a",))),
        ("a OR b", Or((a, b))),
        ("a OR b OR c", Or((a, b, c))),
        ("a OR b c", And((Or((a, b)), c))),
        ("c a OR b", And((c, Or((a, b))))),
        ("a OR (b c)", Or((a, And((b, c))))),
        ("(a b) c", And((a, b, c))),
        ("a or b", And((a, Term("or"), b))),
        ("a -b", And((a, Not(b)))),
        ('a -"b c"', And((a, Not(Phrase(("b", "c")))))),
        ("a -(b c)", And((a, Not(And((b, c)))))),
        ("-a", And((Everything(), Not(a)))),
        ("-a -b", And((Everything(), Not(a), Not(b)))),
        ("-(-a)", a),
        ("a OR -b", Or((a, Not(b)))),
        ("werk*", Prefix("werk")),
        ("l'emplo*", Prefix("emplo")),
        ("werk~", Fuzzy("werk")),
        ("werk~1", Fuzzy("werk")),
        ("title:werk", Title(werk)),
        ('titre:"a b"', Title(Phrase(("a", "b")))),
        ("titel:(a OR b)", Title(Or((a, b)))),
        ("title:werk*", Title(Prefix("werk"))),
        ("-title:a", And((Everything(), Not(Title(a))))),
        ("title:title:a", Title(a)),
        ("l'emploi d’aujourd", And((Term("emploi"), Term("aujourd")))),
        ("foto's", Term("foto")),
        ("l'", Term("l")),
        ("sociaal-economisch", either_joined(("sociaal", "economisch"))),
        ("man/vrouw", either_joined(("man", "vrouw"))),
        ("-sociaal-economisch", And((Everything(), Not(Phrase(("sociaal", "economisch")))))),
        ("covid-19", Phrase(("covid", "19"))),
        ("16/01/2020", Phrase(("16", "01", "=2020"))),
        ("2026", Term("=2026")),
        ("2.026", Term("2026")),
        ("2500000", Term("2500000")),
        ('"2500000"', Phrase(("=2500000",))),
        ('"2.500.000 euro"', Phrase(("=2.500.000", "euro"))),
        ('"3,5 en 2\u202f026 été 12"', Phrase(("=3,5", "en", "=2 026", "été", "12"))),
        ("2026*", Prefix("2026")),
        ("werk,opleiding", And((werk, Term("opleiding")))),
        ("2.500.000", Term("2500000")),
        ("2 500 000 euro", And((Term("2500000"), Term("euro")))),
        ("", Nothing()),
        ("year:2011", Everything()),
    ],
)
def test_what_is_written_is_what_is_asked(text: str, tree: Node) -> None:
    query = parse(text)
    assert query.tree == tree
    assert query.notices == ()


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("year:2011-2020", QueryFilters(years=(2011, 2020))),
        ("jaar:2020–2011", QueryFilters(years=(2011, 2020))),
        ('année:"2015"', QueryFilters(years=(2015, 2015))),
        ("year:none", QueryFilters(years=UNDATED)),
        ("jaar:geen", QueryFilters(years=UNDATED)),
        ("année:aucune", QueryFilters(years=UNDATED)),
        ("plan:sans", QueryFilters(plans=frozenset({"none"}))),
        ("lang:fr", QueryFilters(languages=frozenset({"fr"}))),
        ("taal:NL,fr", QueryFilters(languages=frozenset({"nl", "fr"}))),
        ("langue:nl lang:fr", QueryFilters(languages=frozenset({"nl", "fr"}))),
        ("plan:new-deal", QueryFilters(plans=frozenset({"new-deal"}))),
        ("werk", QueryFilters()),
    ],
)
def test_filters(text: str, filters: QueryFilters) -> None:
    query = parse(f"werk {text}")
    assert (query.tree, query.filters, query.notices) == (werk, filters, ())


@pytest.mark.parametrize(
    ("text", "tree", "notice"),
    [
        ("ab*", Term("ab"), ("too short", "ab*")),
        ("ab~", Term("ab"), ("too short", "ab~")),
        ("*werk", werk, ("misplaced star", "*werk")),
        ("werk~2", Fuzzy("werk"), ("one typo only", "werk~2")),
        ('"pacte social', Phrase(("pacte", "social")), ("unclosed quotation mark", "")),
        ('"a b"~', Phrase(("a", "b")), ("near without distance", '"a b"~')),
        ('"a b"~999', Near(("a", "b"), 50), ("too far", '"a b"~999')),
        ("(a", a, ("unclosed parenthesis", "")),
        ("a)", a, ("stray parenthesis", "")),
        ("a - b", And((a, b)), ("stray operator", "-")),
        ("OR a", a, ("stray operator", "OR")),
        ("a OR", a, ("stray operator", "OR")),
        ("a *", a, ("stray operator", "*")),
        ('a ""', a, ("no words", '""')),
        ("foo:bar", And((Term("foo"), Term("bar"))), ("unknown field", "foo:")),
        ("year:soon", And((Term("year"), Term("soon"))), ("unusable value", "year:soon")),
        ("lang:xx", And((Term("lang"), Term("xx"))), ("unusable value", "lang:xx")),
        ("a -lang:fr", a, ("excluded filter", "lang:fr")),
        ("a (lang:fr)", a, ("filter inside", "lang:fr")),
        ("a year:2011 year:2012", a, ("second year", "2012")),
        ("???", Nothing(), ("no words", "???")),
        ("a" + " " * LONGEST + "b", a, ("too long", "")),
        ("(" * 30 + "a" + ")" * 30, a, ("too deep", "")),
    ],
)
def test_what_is_read_otherwise_is_noticed(text: str, tree: Node, notice: tuple[str, str]) -> None:
    query = parse(text)
    assert query.tree == tree
    assert query.notices == (notice,)


def test_an_address_is_no_unknown_field() -> None:
    assert parse("https://go4.brussels").notices == ()


def test_a_language_outside_the_filter_is_noticed() -> None:
    assert parse("a lang:de", ["nl", "fr"]).notices == (("no language left", ""),)
    assert parse("a lang:de", ["de"]).notices == ()


def test_terms_are_capped() -> None:
    query = parse(" ".join(f"woord{number}" for number in range(100)))
    assert len(list(leaves(query.tree))) == MOST_TERMS
    assert [notice.kind for notice in query.notices] == ["too many terms"]


def test_filters_are_where_they_are_written() -> None:
    text = 'werk plan:new-deal "lang:fr"'
    assert [text[start:end] for start, end in filter_places(text)] == ["plan:new-deal"]


pieces = st.sampled_from(
    ["werk", "a", '"', "“", "»", "(", ")", "-", "--", "OR", "AND", " ", "  ", "*", "~", "~5", "year:", "2011",
     "-2020", "lang:fr", "title:", "foo:", "l'", "é", "2 500", "\x00", "\ud800", "\n", "…", ":", "'"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=1200), st.lists(pieces, max_size=400).map("".join)))
@settings(max_examples=300, deadline=None)
def test_any_string_is_a_query(text: str) -> None:
    started = time.process_time()
    query = parse(text)
    assert parse(text) == query
    assert len(query.text) <= LONGEST
    assert sum(1 for _ in leaves(query.tree)) <= MOST_TERMS + 1
    assert depth(query.tree) <= 3 * DEEPEST
    query.text.encode()
    for language in INTERFACE_LANGUAGES:
        assert read_as(query, language)
        assert all(notice_text(notice, language) for notice in query.notices)
    assert time.process_time() - started < 5


@given(st.text(max_size=200))
def test_reading_what_was_read_changes_nothing(text: str) -> None:
    query = parse(text)
    assert parse(query.text).tree == query.tree


def depth(node: Node) -> int:
    match node:
        case And(children) | Or(children):
            return 1 + max(map(depth, children))
        case Not(child) | Title(child):
            return 1 + depth(child)
        case _:
            return 1


@pytest.mark.parametrize("word", ["compounds:no", "samenstellingen:nee", "composés:non", "COMPOSES:NON"])
def test_a_query_may_leave_out_compounds(word: str) -> None:
    alone = Term("plan", with_compounds=False)
    assert parse(f"plan {word}").tree == alone
    assert parse(f"{word} plan OR -(sociaal-plan)").tree == Or(
        (alone, Not(set_compounds(either_joined(("sociaal", "plan")), with_compounds=False)))
    )
    assert parse("plan compounds:yes").tree == parse("plan").tree
    assert [notice.kind for notice in parse("plan compounds:maybe").notices] == ["unusable value"]
    assert [notice.kind for notice in parse(word).notices] == ["no words"]


def test_a_query_for_words_alone_says_so_where_it_makes_a_difference() -> None:
    alone = without_compounds(parse("sociaal-plan beleid year:2011"))
    assert alone.text == "compounds:no sociaal-plan beleid year:2011"
    assert parse(alone.text).tree == alone.tree
    for text in ('"plan"', "plan*", "plan compounds:yes", "plan compounds:no"):
        assert without_compounds(parse(text)) == parse(text)
    assert without_compounds(parse("plan"), ["fr", "en"]) == parse("plan")
    assert read_as(alone, "nl") == "Pagina’s met “sociaal-plan” en “beleid”, 2011"
    assert (
        read_as(parse(alone.text), "nl")
        == "Pagina’s met “sociaal-plan” en “beleid”, zonder samenstellingen, 2011"
    )
