"""Two editions: every passage in one row, what changed told by its name, numbers told apart."""

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.languages import Language
from archive.records import BlockKind
from index.editions.comparison import (
    Comparison,
    ComparisonRow,
    changes_in,
    compare,
    have_other_columns,
    typing_changes,
    words_together,
)
from index.editions.edition import Edition, read_edition
from index.editions.passage_pairs import Likeness
from index.editions.word_changes import changed_spans
from tests.material.known_edits import EDITS, Edit, EditKind, edited, paragraphs
from tests.surroundings.reading_room import Said, make_page

PARAGRAPHS = paragraphs("nl")


def edition(texts: Sequence[str | Said], language: Language = "nl") -> Edition:
    """An edition of ten passages a page; plain texts are paragraphs."""
    said: list[Said] = [("paragraph", language, text) if isinstance(text, str) else text for text in texts]
    pages = [make_page(number // 10 + 1, said[number : number + 10]) for number in range(0, len(said), 10)]
    return read_edition(pages, language)


def said(kind: BlockKind, text: str) -> Said:
    return kind, "nl", text


def texts(found: Comparison, row: ComparisonRow) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (
        tuple(found.old.passages[number].unit.text for number in row.old),
        tuple(found.new.passages[number].unit.text for number in row.new),
    )


def told(old: Sequence[str | Said], new: Sequence[str | Said]) -> list[tuple[str, str, str]]:
    """The rows that are not kept: sort, text before, text after."""
    found = compare(edition(old), edition(new))
    assert_whole(found)
    return [
        (row.sort, *(" / ".join(side) for side in texts(found, row)))
        for row in found.rows
        if row.sort != "kept"
    ]


def assert_whole(found: Comparison) -> None:
    """Every passage of both editions is in one row, and the sort says where."""
    assert sorted(number for row in found.rows for number in row.old) == list(range(len(found.old.passages)))
    assert sorted(number for row in found.rows for number in row.new) == list(range(len(found.new.passages)))
    assert sum(found.counts.values()) == len(found.rows)
    for row in found.rows:
        assert bool(row.old) == (row.sort != "new")
        assert bool(row.new) == (row.sort != "dropped")
        assert row.is_moved or row.sort != "moved"
    placed = [row.new for row in found.rows if row.new]
    assert placed == sorted(placed)
    stayed = [row.old for row in found.rows if row.old and not row.is_moved]
    assert stayed == sorted(stayed)


def test_an_edition_beside_itself_is_kept() -> None:
    same = edition(PARAGRAPHS)
    found = compare(same, same)
    assert_whole(found)
    assert found.counts["kept"] == len(found.rows) == len(PARAGRAPHS)
    assert found.share_kept == 1.0
    assert not found.with_figures


@pytest.mark.parametrize(
    "retyped",
    [
        "Het werkgelegenheids- en opleidingsbeleid van de regering steunt op 2.500.000 euro uit 2020.",
        "Het  werkgelegenheids-en opleidings beleid van de Regering steunt op “2 500 000” euro uit 2020",
        "HET WERKGELEGENHEIDS- EN OPLEIDINGSBELEID VAN DE REGERING STEUNT OP 2500000 EURO UIT 2020!",
    ],
)
def test_other_spaces_hyphens_capitals_and_signs_change_no_word(retyped: str) -> None:
    text = "Het werkgelegenheids- en opleidingsbeleid van de regering steunt op 2.500.000 euro uit 2020."
    (row,) = compare(edition([text]), edition([retyped])).rows
    assert (row.sort, row.is_retyped) == ("kept", text != retyped)


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ("De strategie telt 17 doelstellingen.", "De strategie telt 18 doelstellingen.", [("17", "18")]),
        ("De steun daalt met 5 % in 2021.", "De steun daalt met 5,5 % in 2021.", [("5 %", "5,5 %")]),
        (
            "Het akkoord geldt vanaf 8 januari.",
            "Het akkoord geldt vanaf 8 februari.",
            [("8 januari", "8 februari")],
        ),
        ("Er komen twee nieuwe centra bij.", "Er komen drie nieuwe centra bij.", [("twee", "drie")]),
        (
            "Het saldo bedraagt 1.250 euro.",
            "Het saldo bedraagt -1.250 euro.",
            [("1.250 euro", "-1.250 euro")],
        ),
        (
            "Het budget loopt van 2019 -2021.",
            "Het budget loopt van 2019 –2022.",
            [("2019 -2021", "2019 –2022")],
        ),
        (
            "Het plan kost 12 20 euro per stuk.",
            "Het plan kost 1220 euro per stuk.",
            [("12", ""), ("20 euro", "1220 euro")],
        ),
        (
            "De winst was € 4,6 mrd. (o.b.v. jaarrekening 2022) voor de bank.",
            "De winst op 1-1-2024 was € 4.749.000.000, op 31-12-2024 € 6.038.000.000 voor de bank.",
            [
                ("€ 4,6 mrd.", ""),
                ("2022", ""),
                ("", "1-1-2024"),
                ("", "€ 4.749.000.000"),
                ("", "31-12-2024"),
                ("", "€ 6.038.000.000"),
            ],
        ),
        (
            "Het jaarplan 2024 van de gemeente en haar partners in de zorg volgt in de lente.",
            "Het Uitvoeringsplan 2026 van de gemeente en haar partners in de zorg bij de agenda 2024-2027.",
            [("2024", ""), ("", "2026"), ("", "2024-2027")],
        ),
        (
            "De verordening van de raad over de lokale belastingen en tarieven is in 2021 herzien.",
            "De verordening van de raad over de lokale belastingen en tarieven blijft in 2026. "
            "Op 1 januari 2027 volgt een wet.",
            [("2021", ""), ("", "2026"), ("", "1 januari 2027")],
        ),
        (
            "De steun bedraagt € 3,142 miljoen.",
            "De steun bedraagt € 4.542.000.",
            [("€ 3,142 miljoen", "€ 4.542.000")],
        ),
        (
            "De bijdrage is ten opzichte van 2023 € 255.000 hoger.",
            "De bijdrage is ten opzichte van 2025 € 126.000 hoger.",
            [("2023", "2025"), ("€ 255.000", "€ 126.000")],
        ),
        ("Het park telt 2 100 m2 gras.", "Het park telt 2.300 m² gras.", [("2 100 m2", "2.300 m²")]),
        (
            "De sessie duurt van 8 - 10 januari 2021.",
            "De sessie duurt van 21 - 23 mei 2021.",
            [("8 - 10 januari 2021", "21 - 23 mei 2021")],
        ),
        ("Het besluit van 01-01-2024 geldt nu.", "Het besluit van 1 januari 2024 geldt hier.", []),
        (
            "De bijdrage is 5 op de honderd.",
            "De bijdrage is 6 op de honderd.",
            [("5 op de honderd", "6 op de honderd")],
        ),
        (
            "In de stad zijn er nu 25 scholen.",
            "In de stad zijn er nu 13 zwembaden.",
            [("25", ""), ("", "13")],
        ),
        ("Van 5 naar 10 werven in Brussel.", "Van 10 naar 5 werven in Brussel.", None),
        ("Onze 101 leden stemmen over het plan.", "De 101 leden stemmen over het plan.", []),
        ("Mei was een warme maand in Brussel.", "Maart was een warme maand in Brussel.", []),
        ("1.2 Steun aan de ondernemingen in nood", "1.3 Steun aan de ondernemingen in nood", []),
        ("Tabel 3: de plannen van de regering", "Tabel 4: de plannen van de regering", []),
    ],
)
def test_numbers_that_changed_are_called_out(old: str, new: str, pairs: list[tuple[str, str]] | None) -> None:
    (row,) = compare(edition([old]), edition([new])).rows
    assert row.sort == "changed"
    if pairs is None:
        assert row.figures
    else:
        assert [(change.old, change.new) for change in row.figures] == pairs


def test_the_page_in_a_table_of_contents_is_no_change() -> None:
    old, new = "Leeswijzer ............ 7", "Leeswijzer ................. 12"
    (row,) = compare(edition([said("list", old)]), edition([said("list", new)])).rows
    assert (row.sort, row.is_retyped, row.figures) == ("kept", True, ())


def test_a_table_changes_row_by_row() -> None:
    old = "Rekening\t2022\t2023\nBaten\t10.997\t12.439\nLasten\t-17.890\t-19.509\nFonds\t100\t-\nSaldo\t0\t0"
    new = "Rekening\t2022\t2023\nBaten\t10.997\t12.440\nLasten\t17.890\t-19.509\nFonds\t-\t100\nSaldo\t0\t0"
    before = [*PARAGRAPHS[:2], said("table", old), *PARAGRAPHS[2:4]]
    after = [*PARAGRAPHS[:2], said("table", new), *PARAGRAPHS[2:4]]
    assert told(before, after) == [
        ("changed", "Baten\t10.997\t12.439", "Baten\t10.997\t12.440"),
        ("changed", "Lasten\t-17.890\t-19.509", "Lasten\t17.890\t-19.509"),
        ("changed", "Fonds\t100\t-", "Fonds\t-\t100"),
    ]


def test_rows_with_other_columns_pair_no_numbers() -> None:
    old, new = "ICT Investeringen\t245.000\t1.000.000", "ICT Investeringen\t136.666\t245.000\t94.504"
    before = [*PARAGRAPHS[:2], said("table", f"Post\tEen\tTwee\n{old}"), *PARAGRAPHS[2:4]]
    after = [*PARAGRAPHS[:2], said("table", f"Post\tEen\tTwee\n{new}"), *PARAGRAPHS[2:4]]
    (row,) = [row for row in compare(edition(before), edition(after)).rows if row.figures]
    told = {(change.old, change.new) for change in row.figures}
    assert told == {("1.000.000", ""), ("", "136.666"), ("", "94.504")}


def test_amounts_are_compared_with_those_of_the_same_year() -> None:
    def budget(years: Sequence[int], amounts: str) -> list[Said]:
        columns = "\t".join(f"Begroting {year}" for year in years)
        return [said("heading", "Baten en lasten"), said("table", f"Post\t{columns}\nLasten\t{amounts}")]

    before = [*PARAGRAPHS[:2], *budget((2023, 2024, 2025), "754\t10.100\t20.200"), *PARAGRAPHS[2:4]]
    after = [*PARAGRAPHS[:2], *budget((2024, 2025, 2026), "10.100\t20.300\t900"), *PARAGRAPHS[2:4]]
    found = compare(edition(before), edition(after))
    (row,) = [row for row in found.rows if texts(found, row)[0][0].startswith("Lasten")]
    assert [(change.old, change.new) for change in row.figures] == [("20.200", "20.300")]
    sides = [found.old.passages[n] for n in row.old], [found.new.passages[n] for n in row.new]
    assert have_other_columns(*sides)
    assert [words_together(sides[0])[n].written for each in changes_in(*sides) for n in each.old] == [
        "754",
        "20.200",
    ]
    head = sides[1][0].head
    assert head
    assert head.caption == "Baten en lasten"
    assert head.rows == ("Post\tBegroting 2024\tBegroting 2025\tBegroting 2026",)


def test_what_differs_in_kept_passages_is_told_but_not_page_numbers() -> None:
    before = [said("list", "De Raad beslist ........ 110"), said("list", "Leeswijzer ........ 3")]
    after = [said("list", "De raad beslist ........ 108"), said("list", "Leeswijzer ........ 4")]
    found = compare(edition(before), edition(after))
    assert (found.counts["kept"], found.retyped) == (2, 2)
    sides = [
        ([found.old.passages[n] for n in row.old], [found.new.passages[n] for n in row.new])
        for row in found.rows
    ]
    assert [typing_changes(*side) for side in sides] == [[("Raad", "raad")], []]
    assert all(passage.has_page_reference for side in sides for each in side for passage in each)


def test_rows_with_the_same_name_are_told_apart_by_their_place() -> None:
    def table(*amounts: int) -> Said:
        return said("table", "\n".join(f"Totaal lasten\t{amount}" for amount in amounts))

    before = [PARAGRAPHS[0], table(10, 20), PARAGRAPHS[1], table(30, 40), PARAGRAPHS[2]]
    after = [PARAGRAPHS[0], table(10, 20), PARAGRAPHS[1], table(30, 41), PARAGRAPHS[2]]
    assert told(before, after) == [("changed", "Totaal lasten\t40", "Totaal lasten\t41")]


def test_years_over_a_table_go_with_the_row_below() -> None:
    before = [PARAGRAPHS[0], said("table", "\t2022\t2023\nBaten\t1\t2")]
    after = [PARAGRAPHS[0], said("table", "\t2024\t2025\nBaten\t1\t2")]
    assert told(before, after) == [("changed", "\t2022\t2023", "\t2024\t2025")]


def test_short_passages_are_not_paired_by_chance() -> None:
    before = [said("heading", "Inleiding"), *PARAGRAPHS[:20], said("heading", "Besluit en vervolg")]
    after = [said("heading", "Besluit"), *PARAGRAPHS[:20], said("heading", "Inleiding")]
    assert Counter(sort for sort, _old, _new in told(before, after)) == {"dropped": 2, "new": 2}


def test_a_section_that_moved_is_one_run_with_its_headings() -> None:
    section = [said("heading", "Opvolging"), *PARAGRAPHS[3:7], said("heading", "Kort")]
    rest = [*PARAGRAPHS[10:30]]
    found = compare(edition([*section, *rest]), edition([*rest, *section]))
    assert_whole(found)
    assert found.counts == {"kept": 20, "moved": 6, "changed": 0, "dropped": 0, "new": 0}
    assert [len(rows) for rows in found.runs.values()] == [6]


def test_the_lighter_part_moves() -> None:
    found = compare(edition([PARAGRAPHS[0], *PARAGRAPHS[1:9]]), edition([*PARAGRAPHS[1:9], PARAGRAPHS[0]]))
    assert [texts(found, row)[0][0] for row in found.rows if row.is_moved] == [PARAGRAPHS[0]]


def test_a_passage_may_be_changed_and_moved() -> None:
    changed = PARAGRAPHS[0].replace("de ", "elke ", 1)
    assert changed != PARAGRAPHS[0]
    found = compare(edition([*PARAGRAPHS[:12]]), edition([*PARAGRAPHS[1:12], changed]))
    assert [(row.sort, row.is_moved) for row in found.rows if row.sort != "kept"] == [("changed", True)]


def test_items_of_a_list_that_change_places_have_moved() -> None:
    items = [said("list", item) for item in ("de energie;", "de mobiliteit;", "de arbeid;", "het onderwijs;")]
    before = [*PARAGRAPHS[:3], *items, *PARAGRAPHS[3:6]]
    after = [*PARAGRAPHS[:3], *items[1:], items[0], *PARAGRAPHS[3:6]]
    assert told(before, after) == [("moved", "de energie;", "de energie;")]


def test_an_item_that_was_explained_is_changed_and_not_replaced() -> None:
    old = said("list", "het voorzorgsbeginsel.")
    new = said(
        "list",
        "het voorzorgsbeginsel (wie een ingreep doet, bewijst dat hij niemand schaadt en niets breekt).",
    )
    assert [sort for sort, *_ in told([*PARAGRAPHS[:3], old], [*PARAGRAPHS[:3], new])] == ["changed"]


def test_figures_without_a_word_are_passages_too() -> None:
    found = told([*PARAGRAPHS[:3], "825.928 774.768"], [*PARAGRAPHS[:3], "825.928 774.769"])
    assert found == [("dropped", "825.928 774.768", ""), ("new", "", "825.928 774.769")]


def test_a_sentence_replaced_is_one_change_and_not_confetti() -> None:
    old = "De raad beslist. Hij luistert naar de burgers en naar de vakbonden in de stad. Zo blijft het."
    new = "De raad beslist. Er is een comité met experts en van de gemeenten naast elkaar. Zo blijft het."
    before, after = edition([old]), edition([new])
    assert len(changes_in(before.passages, after.passages)) == 1


def finds(found: Comparison, edit: Edit) -> bool:
    """Whether a row names the edit as what it is."""
    rows = {texts(found, row): row for row in found.rows}
    if edit.kind == "insert":
        return rows[((), edit.new)].sort == "new"
    if edit.kind == "delete":
        return rows[(edit.old, ())].sort == "dropped"
    row = rows.get((edit.old, edit.new))
    if row is None:
        return False
    if edit.kind == "move":
        return row.sort == "moved"
    if edit.kind in ("split", "merge"):
        return row.sort == "kept"
    return row.sort == "changed" and bool(row.figures) == (edit.kind == "number")


edit_kinds = st.lists(st.sampled_from(EDITS), min_size=1, max_size=7)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["nl", "fr"]), edit_kinds, st.integers(0, 10_000))
def test_known_edits_are_found_and_nothing_else(language: Language, kinds: list[EditKind], seed: int) -> None:
    made = edited(language, kinds, seed)
    found = compare(edition(made.old, language), edition(made.new, language))
    assert_whole(found)
    assert [edit for edit in made.edits if not finds(found, edit)] == []
    touched = [row for row in found.rows if row.sort != "kept" or len(row.old) + len(row.new) > 2]
    assert len(touched) == len(made.edits)


passages_drawn = st.lists(
    st.one_of(
        st.sampled_from(["Totaal", "Baten\t1\t2", "a", "2021 2022", "de raad", *PARAGRAPHS[:6]]),
        st.text("ab 12.\t-", min_size=1, max_size=30),
        st.lists(
            st.sampled_from(["de", "raad", "van", "het", "gewest", "beslist", "5", "werven"]), max_size=20
        ).map(" ".join),
    ),
    max_size=25,
)
kinds_drawn = st.sampled_from(["paragraph", "heading", "list", "table"])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(kinds_drawn, st.just("nl"), st.text("ab 12.\t-€", max_size=20)), max_size=15),
    passages_drawn,
    passages_drawn,
)
def test_any_two_editions_add_up_and_can_be_swapped(
    mixed: list[Said], one: list[str], other: list[str]
) -> None:
    old, new = edition([*mixed, *one]), edition([*one[:3], *mixed, *other])
    found, swapped = compare(old, new), compare(new, old)
    assert_whole(found)
    assert_whole(swapped)
    turned = {**found.counts, "dropped": found.counts["new"], "new": found.counts["dropped"]}
    assert swapped.counts == turned
    assert swapped.with_figures == found.with_figures
    for row in found.rows:
        if row.sort == "changed":
            sides = ([found.old.passages[n] for n in row.old], [found.new.passages[n] for n in row.new])
            assert changes_in(*sides), "what is told as changed differs in a word"


@given(
    st.lists(st.sampled_from("abcd1"), max_size=40),
    st.lists(st.sampled_from("abcd1"), max_size=40),
    st.booleans(),
)
def test_changed_stretches_lead_from_one_sequence_to_the_other(
    old: list[str], new: list[str], is_prose: bool
) -> None:
    made, place = [], 0
    for gone, come in changed_spans(old, new, is_prose=is_prose):
        made += old[place : gone.start] + new[come.start : come.stop]
        place = gone.stop
    assert made + old[place:] == new


HOSTILE = {
    "all the same": lambda: (["a"] * 5_000, ["a"] * 4_750 + ["b"]),
    "two lines in turn": lambda: (["a b", "c d"] * 2_000, ["c d", "a b", "a b"] * 1_500),
    "one word each, all others": lambda: ([f"w{n}" for n in range(3_750)], [f"v{n}" for n in range(3_750)]),
    "backwards": lambda: (
        [f"woord{n} komt hier in een lange zin voor met nog negen andere" for n in range(1_000)],
        [f"woord{n} komt hier in een lange zin voor met nog negen andere" for n in reversed(range(1_000))],
    ),
    "a book in one passage": lambda: ([" ".join(["a", "b"] * 31_250)], [" ".join(["b", "a", "a"] * 18_750)]),
    "a long passage that grew everywhere": lambda: (
        [" ".join(f"w{n}" for n in range(25_000))],
        [" ".join(f"w{n} x" for n in range(25_000))],
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_editions_take_a_bounded_time(name: str) -> None:
    old, new = (edition(texts) for texts in HOSTILE[name]())
    begun = time.process_time()
    found = compare(old, new)
    assert time.process_time() - begun < 5
    assert_whole(found)
    for row in found.rows[:3]:
        changes_in([found.old.passages[n] for n in row.old], [found.new.passages[n] for n in row.new])
    assert time.process_time() - begun < 7.5


def test_passages_with_little_in_common_are_not_compared_form_by_form(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[str] = []
    for name in ("pair", "_is_alike"):
        method = getattr(Likeness, name)

        def noted(*given: Any, method: Any = method, name: str = name, **named: Any) -> Any:
            compared.append(name)
            return method(*given, **named)

        monkeypatch.setattr(Likeness, name, noted)
    half = len(PARAGRAPHS) // 2
    compare(edition(PARAGRAPHS[:half]), edition(PARAGRAPHS[half:]))
    calls = Counter(compared)
    assert calls["pair"] > 100
    assert calls["_is_alike"] < calls["pair"] / 5
