"""Figures of tables and sentences in two editions: paired by heading, year and unit, or not at all."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from index.editions.comparison import (
    Comparison,
    ComparisonRow,
    changes_in,
    compare,
    typing_changes,
    words_together,
)
from index.editions.edition import Edition, read_edition
from ingest.read_document import read_document
from tests.material.budget_editions import (
    HEADINGS,
    BudgetPair,
    Drawing,
    HeadingKind,
    budget_pair,
    draw_tables,
    text_of,
)
from tests.material.known_edits import paragraphs
from tests.surroundings.reading_room import Said, make_page

PARAGRAPHS = paragraphs("nl")


def edition(*pages: Sequence[Said]) -> Edition:
    return read_edition([make_page(number, said) for number, said in enumerate(pages, 1)], "nl")


def budget(table: str, caption: str = "Tabel 3.1 - Baten en lasten van het programma Wonen") -> list[Said]:
    return [
        ("paragraph", "nl", PARAGRAPHS[0]),
        ("heading", "nl", caption),
        ("table", "nl", table),
        ("paragraph", "nl", PARAGRAPHS[1]),
    ]


def compared(old: str, new: str, *captions: str) -> Comparison:
    """Two editions of a table, with these captions if they are not the usual one."""
    return compare(
        *(edition(budget(table, *captions[number : number + 1])) for number, table in enumerate((old, new)))
    )


def row_of(found: Comparison, name: str) -> ComparisonRow:
    (row,) = [
        row
        for row in found.rows
        for side, numbers in ((found.old, row.old), (found.new, row.new))
        if numbers and name in side.passages[numbers[0]].unit.text and (row.new or side is found.old)
    ][:1]
    return row


def arrows(row: ComparisonRow) -> list[tuple[str, str]]:
    """The figures that are told as one that became the other."""
    return [(change.old, change.new) for change in row.figures if change.old and change.new]


def all_arrows(found: Comparison) -> list[tuple[str, str]]:
    return [pair for row in found.rows for pair in arrows(row)]


def replaced(found: Comparison, row: ComparisonRow) -> list[tuple[str, str]]:
    """The figures that are told as standing in each other's place, those in the name of the row aside."""
    old, new = [found.old.passages[n] for n in row.old], [found.new.passages[n] for n in row.new]
    words = words_together(old), words_together(new)
    return [
        (words[0][change.old.start].written, words[1][change.new.start].written)
        for change in changes_in(old, new)
        if change.old and change.new and change.old.start >= old[0].cells[0].stop and change.kind == "number"
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(
            "Taak\t2023\t2024\t2025\nWegen\t368\t410\t500",
            "Taak\t2024\t2025\t2026\nWegen\t410\t520\t9",
            [("500", "520")],
            id="years moved on",
        ),
        pytest.param(
            "Taak\t2024\t2023\nWegen\t410\t368",
            "Taak\t2024\t2025\nWegen\t411\t9",
            [("410", "411")],
            id="years the other way round",
        ),
        pytest.param(
            "\t\tBegroting 2024\t\t\tBegroting 2025\nTaak\tBaten\tLasten\tSaldo\tBaten\tLasten\tSaldo"
            "\nWegen\t10\t20\t-10\t11\t22\t-11",
            "\t\tBegroting 2025\t\t\tBegroting 2026\nTaak\tBaten\tLasten\tSaldo\tBaten\tLasten\tSaldo"
            "\nWegen\t11\t23\t-12\t30\t31\t-1",
            [("22", "23"), ("-11", "-12")],
            id="years over Baten, Lasten and Saldo",
        ),
        pytest.param(
            "\t\tBaten\t\t\tLasten\nTaak\t2023\t2024\t2025\t2023\t2024\t2025\nWegen\t1\t2\t3\t4\t5\t6",
            "\t\tBaten\t\t\tLasten\nTaak\t2024\t2025\t2026\t2024\t2025\t2026\nWegen\t2\t7\t8\t50\t6\t9",
            [("3", "7"), ("5", "50")],
            id="years under a group",
        ),
        pytest.param(
            "\tRekening\tBegroting\tBegroting\nTaak\t2022\t2023\t2024\nWegen\t10\t20\t30",
            "\tRekening\tBegroting\tBegroting\nTaak\t2023\t2024\t2025\nWegen\t21\t31\t40",
            [("30", "31")],
            id="what was budgeted is not what was spent",
        ),
        pytest.param(
            "Taak\tBegroting 2024\nWegen\t10",
            "\tBegroting\nTaak\t2024\nWegen\t11",
            [("10", "11")],
            id="a heading of one line and one of two",
        ),
        pytest.param(
            "Activa\t31-12-2023\t31-12-2024\nVaste activa\t50.598\t52.915",
            "Activa\t31-12-2024\t31-12-2025\nVaste activa\t52.916\t54.663",
            [("52.915", "52.916")],
            id="dates of a balance",
        ),
        pytest.param(
            "\ttarief 2023\ttarief 2024\nvastrecht\t131,02\t135,24",
            "\ttarief 2024\ttarief 2025\nvastrecht\t135,24\t139,10",
            [],
            id="tariffs that did not change",
        ),
        pytest.param(
            "Taak\tN-1\tN\nWegen\t10\t20", "Taak\tN-1\tN\nWegen\t20\t30", [], id="years that are not said"
        ),
        pytest.param(
            "Taak\tBegroting 2024 Baten\tBegroting 2024 Lasten\nWegen\t42.700\t179",
            "Taak\tBegroting 2026 Baten\tBegroting 2026 Lasten\nWegen\t47.714\t0",
            [],
            id="no year in common",
        ),
        pytest.param(
            "Taak\tBedrag\tTotaal\t2024\nWegen\t10\t20\t30",
            "Taak\tBedrag\tTotaal\t2025\nWegen\t11\t21\t31",
            [],
            id="a total of other years",
        ),
        pytest.param(
            "Taak (bedragen x € 1.000)\t2024\nWegen\t1.250",
            "Taak (in M€)\t2024\nWegen\t1",
            [],
            id="other units over the table",
        ),
        pytest.param(
            "Taak\tin % 2024\nWegen\t12", "Taak\tin € 2024\nWegen\t30", [], id="other units in a heading"
        ),
        pytest.param(
            "Taak\t2024\nWegen (km)\t12",
            "Taak\t2024\nWegen (m²)\t30",
            [],
            id="other units in the name of a row",
        ),
        pytest.param(
            "Taak\t2024\nWegen\t12 %", "Taak\t2024\nWegen\t€ 30", [], id="other units beside the figure"
        ),
        pytest.param(
            "Indicator\tPeilwaarde\nBijstand\t27,1 (2021)",
            "Indicator\tPeilwaarde\nBijstand\t14,3 (2024)",
            [],
            id="a year beside the figure",
        ),
        pytest.param(
            "Taak\t2024\nWegen\t10 20", "Taak\t2024\nWegen\t10 30", [], id="two figures in one cell"
        ),
        pytest.param(
            "Jaar\tBanen\n2023\t660.000\n2024\t671.000",
            "Jaar\tBanen\n2024\t671.500\n2025\t680.000",
            [("671.000", "671.500")],
            id="rows that are called by their year",
        ),
        pytest.param(
            "Maatregel\tTekst\nZonneplan\tHet plan helpt 17 ondernemingen in de stad",
            "Maatregel\tTekst\nZonneplan\tHet plan helpt 18 ondernemingen in de stad",
            [("17", "18")],
            id="a sentence in a cell",
        ),
        pytest.param(
            "Taak\tBedrag\tBedrag\nWegen\t10\t20",
            "Taak\tBedrag\tBedrag\nWegen\t20\t30",
            [],
            id="headings that are the same",
        ),
        pytest.param("Wegen\t10\t20", "Wegen\t20\t30", [], id="no headings"),
        pytest.param(
            "Taak\t2024\t2025\nRestafval\t200 kg\t170 kg",
            "Taak\t2024\t2025\nRestafval\t190 kg\t185 kg",
            [("200 kg", "190 kg"), ("170 kg", "185 kg")],
            id="units beside figures in cells side by side",
        ),
        pytest.param(
            "Taak\t2024\n6.71a Hulp bij het huishouden\t1.891",
            "Taak\t2024\n6.711 Hulp bij het huishouden\t2.429",
            [("1.891", "2.429")],
            id="another number before the name",
        ),
        pytest.param(
            "Taak\t2024\nJeugdhulp met verblijf overig\t666",
            "Taak\t2024\nJeugdhulp met verblijf lokaal\t105",
            [],
            id="another row",
        ),
        pytest.param(
            "Taak\t2024\t2025\nWegen\t1.979\t10",
            "Taak\t2024\t2025\nWegen\t2.008\t10",
            [("1.979", "2.008")],
            id="an amount is no year",
        ),
    ],
)
def test_figures_stand_for_each_other_only_under_the_same_heading(
    old: str, new: str, told: list[tuple[str, str]]
) -> None:
    found = compared(old, new)
    assert all_arrows(found) == told
    changed = [row for row in found.rows if row.sort == "changed"]
    figures = {(before.split()[0], after.split()[0]) for before, after in told}
    assert {pair for row in changed for pair in replaced(found, row)} <= figures


def test_tables_with_other_captions_pair_no_figures() -> None:
    table = "Taak\t2024\nTotaal lasten\t{}"
    captions = "Tabel 1.1 - Baten en lasten Veiligheid", "Tabel 1.1 - Baten en lasten Onderwijs"
    assert all_arrows(compared(table.format(10), table.format(11), *captions)) == []
    captions = "Tabel 1.2 - Baten en lasten Veiligheid", "Tabel 3.1 Baten en lasten veiligheid 2026"
    assert all_arrows(compared(table.format(10), table.format(11), *captions)) == [("10", "11")]


def test_rows_below_other_groups_pair_no_figures() -> None:
    old = "Tarief\t2024\nHuishouden\nvastrecht\t10\nBedrijf\nvastrecht\t20"
    new = "Tarief\t2024\nBedrijf\nvastrecht\t25"
    assert all_arrows(compared(old, new)) == [("20", "25")]


def test_a_row_of_which_no_figure_changed_is_kept_though_the_years_moved() -> None:
    old = (
        "Belasting\traming 2023\traming 2024\traming 2025\nHondenbelasting\t194\t200\t206\nPrecario\t1\t2\t3"
    )
    new = (
        "Belasting\traming 2024\traming 2025\traming 2026\nHondenbelasting\t200\t206\t212\nPrecario\t2\t4\t5"
    )
    found = compared(old, new)
    row = row_of(found, "Hondenbelasting")
    assert (row.sort, row.figures, row.has_other_columns) == ("kept", (), True)
    row = row_of(found, "Precario")
    assert (row.sort, arrows(row), row.has_other_columns) == ("changed", [("3", "4")], False)
    assert found.share_kept < 1


def test_a_table_runs_on_under_its_headings() -> None:
    head = "Taak\t2023\t2024\t2025\nWegen\t10\t20\t30"
    rest = "Onderwijs\t40\t50\t60\nTotaal van alles\t1\t2\t3"
    pages = [
        [budget(head, "Tabel 1 - Uitgaven per taak")[:3], [("table", "nl", rest)]],
        [
            budget(
                f"{head}\n{rest.replace('60', '61')}".replace("2023\t2024\t2025", "2023\t2024\t2025"),
                "Tabel 1 - Uitgaven per taak",
            )[:3]
        ],
    ]
    found = compare(edition(*pages[0]), edition(*pages[1]))
    assert arrows(row_of(found, "Onderwijs")) == [("60", "61")]


def test_rows_that_change_places_in_their_table_are_still_known() -> None:
    head = "Taak\t2024\t2025"
    rows = ["Wegen\t10\t20", "Onderwijs\t30\t40", "Sport\t50\t60", "Zorg\t70\t80"]
    moved = ["Zorg\t70\t81", *rows[:3]]
    found = compared("\n".join([head, *rows]), "\n".join([head, *moved]))
    assert (found.counts["dropped"], found.counts["new"]) == (0, 0)
    row = row_of(found, "Zorg")
    assert (row.sort, row.is_moved, arrows(row)) == ("changed", True, [("80", "81")])


@pytest.mark.parametrize(
    ("torn", "figures"),
    [
        ("Beheer van gebouwen\nen gronden\t488\t395", []),
        ("Beheer van gebouwen en gronden\n\t488\t395", []),
        ("Beheer van gebouwen\n\t488\t395\nen gronden", []),
    ],
)
def test_a_row_that_is_torn_apart_is_neither_new_nor_dropped(torn: str, figures: list[object]) -> None:
    head, rows = "Taak\tBegroting 2024\tBegroting 2025", "Wegen\t1\t2\n{}\nOnderwijs\t3\t4"
    whole = "Beheer van gebouwen en gronden\t488\t395"
    found = compared(f"{head}\n{rows.format(whole)}", f"{head}\n{rows.format(torn)}")
    assert {sort: count for sort, count in found.counts.items() if count} == {"kept": len(found.rows)}
    changed = compared(f"{head}\n{rows.format(whole)}", f"{head}\n{rows.format(torn.replace('395', '401'))}")
    assert (changed.counts["dropped"], all_arrows(changed)) == (0, [])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "De begroting kent een daling van 3 % voor de scholen.",
            "De begroting kent een stijging van 3 % voor de scholen.",
            [("daling van 3 %", "stijging van 3 %", "fall to rise")],
        ),
        (
            "De lasten stijgen met € 250.000 in het eerste jaar.",
            "De lasten dalen met € 300.000 in het eerste jaar.",
            [("stijgen met € 250.000", "dalen met € 300.000", "rise to fall")],
        ),
        (
            "Het aantal plaatsen neemt met 40 toe in de stad.",
            "Het aantal plaatsen neemt met 40 af in de stad.",
            [("40 toe", "40 af", "rise to fall")],
        ),
        (
            "Het resultaat van het fonds is -3 % in dat jaar.",
            "Het resultaat van het fonds is +3 % in dat jaar.",
            [("-3 %", "+3 %", "minus to plus")],
        ),
        (
            "De begroting kent een daling van 3 % voor de scholen.",
            "De begroting kent een afname van 3 % voor de scholen.",
            [],
        ),
        ("De groei van3,4% blijft in de stad.", "De groei van 3,4 % blijft in de stad.", []),
        (
            "De inflatie is volgens het bureau van1,4% in dat jaar.",
            "De inflatie is volgens het bureau van 1,6 % in dat jaar.",
            [("1,4%", "1,6 %", "")],
        ),
        (
            "Per saldo geeft 2024 een overschot van € 32.000 voor de stad.",
            "Per saldo geeft 2026 een overschot van € 39.000 voor de stad.",
            [("2024", "2026", ""), ("€ 32.000", "", ""), ("", "€ 39.000", "")],
        ),
        (
            "Dit gaat over 2024 en de stad. Zonder de reserve is er een saldo van € 32.000 voor allen.",
            "Dit gaat over 2026 en de stad. Zonder de reserve is er een saldo van € 39.000 voor allen.",
            [("2024", "2026", ""), ("€ 32.000", "", ""), ("", "€ 39.000", "")],
        ),
        (
            "Dat is € 32.000 meer dan in 2023. De steun bedraagt 5 % van de kosten.",
            "Dat is € 39.000 meer dan in 2025. De steun bedraagt 6 % van de kosten.",
            [("€ 32.000", "€ 39.000", ""), ("2023", "2025", ""), ("5 %", "6 %", "")],
        ),
        ("Maatregel 1c geldt in de stad.", "Maatregel 2c geldt in de stad.", []),
        ("Wie dat wil, leest art. 5 van de wet.", "Wie dat wil, leest art. 6 van de wet.", []),
        ("Dat staat in paragraaf 3.2 van het plan.", "Dat staat in paragraaf 4.1 van het plan.", []),
        (
            "Dit geldt voor 5.200 borden in de stad.",
            "Dit geldt voor 5.300 borden in de stad.",
            [("5.200", "5.300", "")],
        ),
    ],
)
def test_what_a_figure_says_is_told_and_what_is_none_is_not(
    old: str, new: str, told: list[tuple[str, str, str]]
) -> None:
    found = compare(edition([("paragraph", "nl", old)]), edition([("paragraph", "nl", new)]))
    (row,) = found.rows
    assert [(change.old, change.new, change.turn) for change in row.figures] == told
    swapped = compare(found.new, found.old).rows[0]
    turned = {
        "fall to rise": "rise to fall",
        "rise to fall": "fall to rise",
        "minus to plus": "plus to minus",
    }
    assert sorted((change.new, change.old, change.turn) for change in swapped.figures) == sorted(
        (one, other, turned.get(turn, turn)) for one, other, turn in told
    )


def test_brackets_are_the_minus_of_accounts() -> None:
    table = "Post\t2023\t2024\nSaldo van het fonds\t{}\t{}\nReserves\t5\t5"
    found = compared(table.format("(1.250)", "80"), table.format("-1.250", "80"))
    assert (found.counts["changed"], found.counts["kept"]) == (0, len(found.rows))
    found = compared(table.format("(1.250)", "80"), table.format("1.250", "80"))
    (change,) = row_of(found, "Saldo").figures
    assert (change.old, change.new, change.turn) == ("(1.250)", "1.250", "minus to plus")
    years = compared(table.format("(2023)", "80"), table.format("-2023", "80"))
    assert years.counts["changed"] == 1, "a year in brackets is no negative figure"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            [("paragraph", "nl", f"2. Solvabiliteit {PARAGRAPHS[4]}")],
            [("paragraph", "nl", PARAGRAPHS[4])],
        ),
        (
            [("heading", "nl", "Solvabiliteit"), ("paragraph", "nl", PARAGRAPHS[4])],
            [("paragraph", "nl", f"Solvabiliteit {PARAGRAPHS[4]}")],
        ),
    ],
)
def test_a_heading_more_or_less_is_no_change(old: list[Said], new: list[Said]) -> None:
    around: list[Said] = [("paragraph", "nl", text) for text in PARAGRAPHS[5:7]]
    for one, other in ((old, new), (new, old)):
        found = compare(edition([around[0], *one, around[1]]), edition([around[0], *other, around[1]]))
        assert {sort: count for sort, count in found.counts.items() if count} == {"kept": 3}
        assert found.retyped == (len(old) == len(new))
    sides = [[edition(side).passages[0]] for side in (old, new)]
    assert len(old) > 1 or typing_changes(*sides) == [("2. Solvabiliteit", "")]


def test_a_sentence_more_is_a_change() -> None:
    old, new = PARAGRAPHS[4], f"Dat is nieuw. {PARAGRAPHS[4]}"
    found = compare(edition([("paragraph", "nl", old)]), edition([("paragraph", "nl", new)]))
    assert [row.sort for row in found.rows] == ["changed"]


def told_of(found: Comparison) -> set[tuple[str, str, str]]:
    return {
        (found.old.passages[row.old[0]].unit.text.split("\t")[0].lstrip("0123456789. "), *pair)
        for row in found.rows
        for pair in arrows(row)
    }


@pytest.mark.parametrize("kind", HEADINGS)
def test_what_is_told_of_drawn_budgets_is_true_and_whole(kind: HeadingKind) -> None:
    for seed in range(100, 110):
        made = budget_pair(kind, seed)
        found = compared(*map(text_of, (made.old, made.new)), made.old.caption, made.new.caption)
        assert told_of(found) == made.changes, f"seed {seed}"
        for name in made.unchanged:
            assert row_of(found, name).sort != "changed", f"seed {seed}"
        both = [name for name in made.old.rows if name in made.new.rows]
        assert [name for name in both if row_of(found, name).sort in ("dropped", "new")] == []


@pytest.mark.parametrize("drawing", ["ruled", "borderless"])
def test_figures_of_drawn_pdf_files_are_paired_by_what_stands_over_them(
    tmp_path: Path, drawing: Drawing
) -> None:
    pairs: list[BudgetPair] = [budget_pair(kind, 3) for kind in ("years", "spanning", "tariffs")]
    sides = []
    for name in ("old", "new"):
        draw_tables(tmp_path / f"{name}.pdf", [getattr(pair, name) for pair in pairs], drawing)
        pages = read_document(tmp_path / f"{name}.pdf", 9, lambda _done, _total: None).pages
        sides.append(read_edition(list(pages), "nl"))
    told = told_of(compare(*sides))
    assert told == frozenset().union(*(pair.changes for pair in pairs))
    assert len(told) > 5
