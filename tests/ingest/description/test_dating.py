"""Of which date a document is: what stands in its title, its file name and on its first pages."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from archive.catalogue.catalogue import Catalogue
from archive.database.tables import documents
from archive.dates import DateFinding, chosen, comes_before, iso_date
from archive.originals import StoredOriginal
from archive.plans import load_plans
from archive.records import Description, Document, Kind, Provenance
from ingest.description.dating import date_all, date_document, find_dates
from ingest.description.written_dates import lone_years, written_dates
from tests.surroundings.reading_room import Said, make_page

pytest_plugins = ["tests.surroundings.postgresql"]

PLANS = load_plans()


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("24 april 2014", ["2014-04-24"]),
        ("Bruxelles, le 10 décembre 2024", ["2024-12-10"]),
        ("le 1er juin 2021", ["2021-06-01"]),
        ("Oktober 2020", ["2020-10"]),
        ("juin 2021 – août 2021", ["2021-06", "2021-08"]),
        ("FEVRIER 2009", ["2009-02"]),
        ("den 3. März 1999", ["1999-03-03"]),
        ("May 31, 2022 and the 2nd of May 2023", ["2022-05-31", "2023-05-02"]),
        ("dec. 2024, 3 dec. 2023", ["2024-12", "2023-12-03"]),
        (
            "18-12-2024, 4.5.2016, 01/02/2003, 2025-09-25",
            ["2024-12-18", "2016-05-04", "2003-02-01", "2025-09-25"],
        ),
        ("van 3 tot 5 mei 2021", ["2021-05"]),
        ("31 februari 2014", []),
        ("13/13/2014, 1.2.3.2014, 12 345 2014", []),
        ("mars 2, planeet mars, in mei", []),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, dates: list[str]) -> None:
    found = written_dates(text)
    assert [date.date for date in found] == dates
    assert all(0 <= date.start < date.end <= len(text) for date in found)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Begroting 2024", ["2024"]),
        ("Meerjarenplan 2024-2027, tarification 2022/2023", []),
        ("REGULATION (EU) 2016/679", []),
        ("Rekening 2023 en begroting 2025", ["2023", "2025"]),
        ("12 april 2014 en 2015", ["2015"]),
        ("bedrag 2 014 of 2014,50", []),
    ],
)
def test_years_by_themselves(text: str, years: list[str]) -> None:
    assert [year.date for year in lone_years(text)] == years


def document(title: str, filename: str, plan: str | None, kind: Kind) -> Document:
    return Document(
        id="0" * 16,
        sha256="0" * 64,
        size=1,
        filename=filename,
        title=title or "x",
        year=None,
        plan=plan,
        kind=kind,
        language="nl",
        languages=("nl",),
        status="ready",
        reason="",
        warnings=(),
        pages=3,
        ocr_pages=0,
        pages_needing_ocr=0,
        images=False,
        is_demonstration=False,
        received_at=datetime.now(UTC),
        provenance=Provenance(),
    )


PLAIN = document("", "x.pdf", None, "other")


def date_of(
    title: str = "",
    filename: str = "x.pdf",
    said: Sequence[Said] = (),
    plan: str | None = None,
    kind: Kind = "other",
) -> str | None:
    pages = [make_page(1, said)] if said else []
    found = chosen(find_dates(document(title, filename, plan, kind), pages, PLANS))
    return found.date if found else None


@pytest.mark.parametrize(
    ("title", "date"),
    [
        ("Begroting 2024", "2024"),
        ("Conseil Municipal du 28 juin 2022", "2022-06-28"),
        ("Ordonnance du 23 juillet 2018 portant code bruxellois", "2018-07-23"),
        (
            "REGULATION (EU) 2016/679 of 27 April 2016 repealing Directive 95/46",
            "2016-04-27",
        ),
        ("Verslag over de uitvoering van de ordonnantie van 23 juli 2018", None),
        ("Approbation du procès-verbal de la séance du 26 juin 2025", None),
        ("Meerjarenplan 2024-2027", None),
        ("Klimaatplan 2090", None),
        ("Naar een duurzaam Gewest: visie 2025", None),
        ("Rekening 2023 en begroting 2025", None),
        ("Strategie 2025", None),
        ("Jaarverslag 2018 Strategie 2025", "2018"),
        ("Een plan zonder datum", None),
    ],
)
def test_the_date_in_a_title_is_its_own_and_not_that_of_a_law_or_an_aim(title: str, date: str | None) -> None:
    assert date_of(title, plan="strategie-2025" if "Strategie" in title else None, kind="report") == date


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("strategie2025_nl.pdf", None),
        ("Strategie-2025-jaarverslag-2018.pdf", "2018"),
        ("Strategie Go4Brussels 2030 - 2021.pdf", "2021"),
        ("begroting_2024.pdf", "2024"),
        ("PV-20240315.pdf", "2024-03-15"),
        ("voorstel-v1-2020-10-nl.pdf", "2020-10"),
        ("compte-rendu-21-11-2017.pdf", "2017-11-21"),
        ("2025.09.25-Compte-rendu-du-CC-du-25-septembre-2025-approuve.pdf", "2025-09-25"),
        ("besluitenlijst_bw_vergadering_10_december_2024.pdf", "2024-12-10"),
        ("CM-28-juin-2022.pdf", "2022-06-28"),
        ("DEL2025-64-Annexe-RPQS-Eau-Potable-2024.pdf", "2024"),
        ("gdpr-2016-679.pdf", None),
        ("prestatieafspraken-2022-2025.pdf", None),
        ("zitting-2010-11.pdf", None),
        ("verslag-2014-20.pdf", None),
        ("rekening-2023-begroting-2025.pdf", None),
        ("New Deal 2012.pdf", "2012"),
        ("18097854.pdf", None),
        ("visie-2090.pdf", None),
    ],
)
def test_what_a_file_name_tells(name: str, date: str | None) -> None:
    assert date_of(filename=name) == date


@pytest.mark.parametrize(
    ("kind", "text", "date"),
    [
        ("paragraph", "Brussel, 24 april 2014", "2014-04-24"),
        ("paragraph", "Bruxelles, le 10 décembre 2024", "2024-12-10"),
        ("heading", "juin 2021", "2021-06"),
        ("paragraph", "27 oktober 2025 versie: 1.0", "2025-10-27"),
        ("paragraph", "Vastgesteld op 12 mei 2020", "2020-05-12"),
        ("heading", "Plenaire vergaderingen Donderdag 31 maart 2011 Namiddagvergadering", "2011-03-31"),
        ("heading", "Exercice 2023", "2023"),
        ("table", "Datum\t10-12-2024\nLocatie\tRaadhuis", "2024-12-10"),
        ("table", "Levering\t10-12-2024\nBetaling\t11-12-2024", None),
        ("paragraph", "Uiterlijk op 31 december 2024", None),
        ("paragraph", "Gelet op de wet van 29 juli 1991", None),
        ("paragraph", "De wet van 12-03-2015 over de steun.", None),
        ("paragraph", "Wet van 12 maart 2015", None),
        ("heading", "Wet van 12 maart 2015 over de steun", "2015-03-12"),
        ("paragraph", "De minister opende het park op 3 mei 2019.", None),
        ("paragraph", "Brussel, 24 april 2014.", "2014-04-24"),
        ("paragraph", "In werking op 1 januari 2025", None),
        (
            "paragraph",
            "Een groep van burgers kwam tussen 8 januari en 12 december 2021 bijeen.",
            None,
        ),
        ("heading", "Session ordinaire 2010-2011", None),
        ("running", "Handelingen – 31 maart 2011", None),
    ],
)
def test_a_line_of_its_own_on_the_cover_dates_a_document(kind: str, text: str, date: str | None) -> None:
    said: list[Said] = [("heading", "nl", "Verslag over het beleid"), (kind, "nl", text)]  # type: ignore[list-item]
    assert date_of(said=said) == date


def test_a_line_further_on_in_a_full_text_does_not() -> None:
    text: Said = ("paragraph", "nl", "Het beleid van het Gewest wordt hier beschreven. " * 15)
    pages = [make_page(1, [text]), make_page(2, [("paragraph", "nl", "24 april 2014")])]
    assert chosen(find_dates(PLAIN, pages, PLANS)) is None
    cover = [make_page(1, [("heading", "nl", "Verslag")]), pages[1]]
    found = chosen(find_dates(PLAIN, cover, PLANS))
    assert found == DateFinding("2014-04-24", "cover", "24 april 2014", 2, is_certain=True)


def test_a_sentence_that_says_when_it_was_made_is_only_proposed() -> None:
    text = "Dit plan werd door de regering vastgesteld in haar vergadering van 24 april 2014 en gedrukt."
    law = "Het plan werd goedgekeurd overeenkomstig de ordonnantie van 4 maart 2010 en wordt uitgevoerd."
    page = make_page(1, [("paragraph", "nl", text), ("paragraph", "nl", law)])
    (found,) = find_dates(PLAIN, [page], PLANS)
    assert (found.date, found.source, found.page, found.is_certain) == ("2014-04-24", "text", 1, False)
    assert found.words.endswith("vastgesteld in haar vergadering van 24 april 2014")


def test_the_title_weighs_most_and_a_fuller_date_of_the_same_year_counts() -> None:
    said: list[Said] = [("heading", "nl", "BEGROTING 2024"), ("paragraph", "nl", "Uitgave oktober 2023")]
    assert date_of("BEGROTING 2024", "begroting.pdf", said) == "2024"
    said[1] = ("paragraph", "nl", "Uitgave 3 januari 2024")
    assert date_of("BEGROTING 2024", "begroting.pdf", said) == "2024-01-03"


def test_a_speech_on_a_plan_is_not_of_the_year_of_the_plan() -> None:
    assert date_of(plan="new-deal", kind="plan") == date_of(plan="new-deal") == "2011"
    assert date_of(plan="new-deal", kind="speech") is None


def test_dates_are_kept_with_their_evidence_and_a_person_has_the_last_word(catalogue_url: str) -> None:
    said: list[Said] = [("heading", "fr", "Un rapport"), ("paragraph", "fr", "le 3 mai 2012")]
    pages = [make_page(1, said)]
    with Catalogue.open(catalogue_url) as catalogue:
        held, _is_new = catalogue.receive(
            StoredOriginal("a" * 64, 1), "a.pdf", Description(), Provenance(), "tester"
        )
        catalogue.store_pages(held.id, pages, [], "Un rapport", "worker")
        found = date_document(catalogue, catalogue.document(held.id), "worker")
        evidence = DateFinding("2012-05-03", "cover", "le 3 mai 2012", 1, is_certain=True)
        assert (found.year, found.date, found.is_date_said, found.date_evidence) == (
            2012,
            "2012-05-03",
            False,
            evidence,
        )
        event = catalogue.events(held.id)[0]
        assert (event.type, event.agent) == ("dating", "worker")
        assert event.after["dates_found"][0]["words"] == "le 3 mai 2012"  # type: ignore[index]
        date_document(catalogue, found, "worker")
        assert catalogue.events(held.id)[0].id == event.id, "nothing new is no event"
        unknown = catalogue.describe(held.id, Description(date=""), "ann")
        assert (unknown.year, unknown.date, unknown.is_date_said, unknown.date_proposals) == (
            None,
            None,
            True,
            (evidence,),
        )
        assert date_document(catalogue, unknown, "worker").date is None
        said = catalogue.describe(held.id, Description(date="2013-1"), "ann")
        assert (said.year, said.date, said.date_evidence) == (2013, "2013-01", None)
        assert catalogue.events(held.id)[0].after == {"year": 2013, "date": "2013-01"}
        assert catalogue.describe(held.id, Description(year=2012), "ann").date == "2012"


def test_what_an_older_version_read_is_looked_at_once(tmp_path: Path) -> None:
    with Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as catalogue:
        held, _is_new = catalogue.receive(
            StoredOriginal("a" * 64, 1), "verslag-2011.pdf", Description(), Provenance(), "tester"
        )
        catalogue.store_pages(held.id, [make_page(1, [])], [], None, "worker")
        ready = catalogue.mark_ready(held.id, "worker")
        assert (ready.year, ready.are_dates_sought) == (None, False)
        assert [date_all(catalogue, "reindex"), date_all(catalogue, "reindex")] == [1, 0]
        assert catalogue.document(held.id).year == 2011


def test_dates_that_are_none_and_the_order_of_dates() -> None:
    wrong = ("2014-13", "2014-02-30", "1700", "14", "2014-04-24T10:00", "")
    assert [iso_date(text) for text in wrong] == [None] * len(wrong)
    assert iso_date(" 2014-4-3 ") == "2014-04-03"
    assert [comes_before("2014", "2015-01"), comes_before("2014-10", "2014-02")] == [True, False]
    unsure = [("2014", "2014-04"), ("2014-04", "2014-04"), (None, "2014")]
    assert [comes_before(one, other) for one, other in unsure] == [None] * 3


def test_a_year_that_an_older_version_kept_alone_is_told_more_fully(tmp_path: Path) -> None:
    with Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as catalogue:
        held, _is_new = catalogue.receive(
            StoredOriginal("a" * 64, 1), "a.pdf", Description(year=2012), Provenance(), "tester"
        )
        with catalogue.database.writing() as connection:
            connection.execute(update(documents).values(date=None))
        assert catalogue.document(held.id).date == "2012"
        found = [
            DateFinding("2013-01", "cover", "janvier 2013", 1, is_certain=True),
            DateFinding("2012-05-03", "cover", "le 3 mai 2012", 1, is_certain=True),
        ]
        dated = catalogue.store_dates(held.id, found, "worker")
        assert (dated.year, dated.date, dated.is_date_said) == (2012, "2012-05-03", True)
        assert catalogue.describe(held.id, Description(year=2012), "ann").date == "2012", (
            "now a person said so"
        )
