"""Reading pages that list documents, and taking in what they list, from a real web server."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from archive.catalogue.catalogue import Catalogue
from archive.originals import Originals
from archive.plans import load_plans
from archive.records import Description, Document, Plan
from ingest.acquisition.harvest import LARGEST_PAGE, Harvested, harvest
from ingest.acquisition.intake import Intake, expand
from ingest.acquisition.internet_archive import InternetArchive
from ingest.acquisition.listing_page import ListingEntry, page_address, read_listing
from ingest.description.plan_names import plan_in, plan_of_entry, recognise
from ingest.errors import DeadLink, NothingListed, Unreachable, Unreadable
from tests.surroundings.web_server import WebServer, send, web_server

PAGES = Path(__file__).parents[2] / "documents" / "pages"
LISTINGS = sorted(path for path in PAGES.glob("*.html") if path.name != "nothing-listed-nl.html")
PLANS = load_plans()
OLD_SITE = "https://strategie2025.brussels/"

YEARS = [2021, 2020, 2015, 2011, 2005, 2002]
TITLES = {
    "nl": [
        "Strategie Go4Brussels 2030 (herziening)",
        "Strategie Go4Brussels 2030",
        "Strategie 2025",
        "Pact voor een Duurzame Stedelijke Groei (New Deal)",
        "Contract voor de Economie en de Tewerkstelling (C.E.T.)",
        "Sociaal Pact voor de Werkgelegenheid van de Brusselaars (SPWB)",
    ],
    "fr": [
        "Stratégie Go4Brussels 2030 (mise à jour)",
        "Stratégie Go4Brussels 2030",
        "Stratégie 2025 pour Bruxelles",
        "Pacte de croissance urbaine durable (New Deal)",
        "Contrat pour l’économie et l’emploi (C2E)",
        "Pacte social pour l’emploi des Bruxellois",
    ],
}
DOCUMENTS = {
    "nl": [
        "https://go4.brussels/nl/terugblik/documenten/Go4Brussels%202030%20herziening.pdf",
        "https://go4.brussels/wp-content/uploads/2020/01/Strategie-Go4Brussels-2030-NL.pdf?download=1",
        "https://go4.brussels/nl/terugblik/documenten/Strategie%202025.PDF",
        "https://go4.brussels/nl/terugblik/documenten/new-deal-2011.pdf",
        "https://go4.brussels/nl/terugblik/documenten/cet.pdf",
        "https://go4.brussels/nl/terugblik/documenten/sociaal-pact.pdf",
    ],
    "fr": [
        "https://go4.brussels/fr/terugblik/documents/Go4Brussels%202030%20mise%20%C3%A0%20jour.pdf",
        "https://go4.brussels/wp-content/uploads/2020/01/Strategie-Go4Brussels-2030-FR.pdf?download=1",
        "https://go4.brussels/fr/terugblik/documents/Strat%C3%A9gie%202025.PDF",
        "https://go4.brussels/fr/terugblik/documents/new-deal-2011.pdf",
        "https://go4.brussels/fr/terugblik/documents/c2e.pdf",
        "https://go4.brussels/fr/terugblik/documents/pacte-social.pdf",
    ],
}
SLUGS = [
    "go4brussels-2030-update",
    "go4brussels-2030",
    "strategie-2025",
    "new-deal",
    "contract-economie-tewerkstelling",
    "sociaal-pact",
]


def listings(html: str, address: str = "https://site.example/nl/plannen/") -> list[ListingEntry]:
    return read_listing(html, address, PLANS)


class TestReadListing:
    @pytest.mark.parametrize("page", LISTINGS, ids=lambda page: page.stem)
    def test_every_markup_gives_the_six_plans(self, page: Path) -> None:
        html = page.read_bytes()
        language = page.stem[-2:]
        found = read_listing(html, page_address(html) or "", PLANS)
        assert [entry.year for entry in found] == YEARS
        assert [entry.title for entry in found] == TITLES[language]
        assert [[link.url for link in entry.documents] for entry in found] == [
            [url] for url in DOCUMENTS[language]
        ]
        assert {link.language for entry in found for link in entry.documents} == {language}
        assert [entry.plan for entry in found] == SLUGS
        others = {entry.year: [link.url for link in entry.links] for entry in found if entry.links}
        assert others == {2015: [OLD_SITE]}

    @pytest.mark.parametrize(
        "page", [page for page in LISTINGS if "bullets" not in page.stem], ids=lambda page: page.stem
    )
    def test_descriptions_are_the_sentences_and_nothing_else(self, page: Path) -> None:
        html = page.read_bytes()
        by_year = {entry.year: entry.description for entry in read_listing(html, page_address(html) or "")}
        if page.stem.endswith("nl"):
            assert by_year[2015] == (
                "Tien jaar economisch en sociaal beleid, in twee pijlers en 18 doelstellingen. "
                "De tekst dateert van 16 juni 2015."
            )
            assert by_year[2005] == (
                "Een contract voor 2005–2010 dat de Brusselaars dichter bij werk wil brengen."
            )
        else:
            assert by_year[2015] == (
                "Dix ans de politique économique et sociale, en deux piliers et 18 objectifs. "
                "Le texte date du 16 juin 2015."
            )
            assert by_year[2005] == (
                "Un contrat pour 2005–2010 qui veut rapprocher les Bruxellois de l’emploi."
            )

    def test_links_in_menus_and_feet_are_no_entries(self) -> None:
        html = (PAGES / "nothing-listed-nl.html").read_text(encoding="utf-8")
        assert "flyer-2024.pdf" in html
        assert "privacy.pdf" in html
        assert listings(html) == []

    @pytest.mark.parametrize(
        "frame",
        [
            "<footer><ul><li>2024</li><li>{}</li></ul></footer>",
            "<div class='site-footer'><p>2024</p><ul><li>{}</li></ul></div>",
            "<div id='cookie-banner'><article><h2>2024</h2>{}</article></div>",
            "<ul class='menu'><li><b>2024</b> {}</li></ul>",
            "<div role='navigation'><section><h2>2024</h2>{}</section></div>",
        ],
    )
    def test_the_frame_of_a_page_is_known_by_element_role_or_name(self, frame: str) -> None:
        link = "<a href='p.pdf'>Bekijk het document</a>"
        assert listings(frame.format(link)) == []
        within = f"<body class='navigation has-sidebar'><h2>2015</h2><p>Plan</p>{link}{frame.format(link)}"
        assert [entry.year for entry in listings(within)] == [2015]

    @pytest.mark.parametrize(
        "name", ["card-footer", "entry-footer", "footer", "has-sidebar", "accordion-menu"]
    )
    def test_the_foot_of_an_entry_is_not_that_of_the_page(self, name: str) -> None:
        card = (
            "<section><h3>Plan {0}</h3><p>{0}</p><div class='{1}'><a href='{0}.pdf'>PDF</a></div></section>"
        )
        html = "".join(card.format(year, name) for year in (2015, 2011))
        assert [(entry.year, entry.title) for entry in listings(html)] == [
            (2015, "Plan 2015"),
            (2011, "Plan 2011"),
        ]

    def test_two_documents_of_one_year_are_two_entries_under_their_own_headings(self) -> None:
        found = listings(
            "<h2>2020</h2><h3>Verslag van de top</h3><h3>Deel een</h3><p>Tekst.</p><a href='a.pdf'>PDF</a>"
            "<h3>Bijlage</h3><a href='b.pdf'>PDF</a> <a href='b-fr.pdf'>PDF</a>"
            "<h2>2019</h2><h3>Ander verslag</h3><a href='c.pdf'>PDF</a>"
        )
        assert [(entry.year, entry.title) for entry in found] == [
            (2020, "Verslag van de top"),
            (2020, "Bijlage"),
            (2019, "Ander verslag"),
        ]
        assert [link.language for link in found[1].documents] == ["nl", "fr"]

    def test_end_tags_that_html_lets_authors_leave_out(self) -> None:
        found = listings(
            "<dl><dt>2015<dd>Eerste<br>Tekst een.<br><a href='1.pdf'>PDF</a>"
            "<dt>2011<dd>Tweede<br>Tekst twee.<br><a href='2.pdf'>PDF</a></dl>"
        )
        assert [(entry.year, entry.title, entry.description) for entry in found] == [
            (2015, "Eerste", "Tekst een."),
            (2011, "Tweede", "Tekst twee."),
        ]

    def test_a_document_without_pdf_in_its_address_is_found_by_the_words_of_its_link(self) -> None:
        found = listings(
            "<h2>2015</h2><p>Plan</p><a href='/download/12'>Voir le document</a><a href='/x'>x</a>"
        )
        assert [link.url for link in found[0].documents] == ["https://site.example/download/12"]
        assert [link.url for link in found[0].links] == ["https://site.example/x"]

    def test_links_that_lead_nowhere_are_no_documents(self) -> None:
        hrefs = ("javascript:open()", "mailto:x@site.example", "#document", "http://[x.pdf", "ftp://h/x.pdf")
        for href in hrefs:
            assert listings(f"<h2>2015</h2><p>Plan</p><a href='{href}'>Bekijk het document</a>") == []

    def test_what_a_link_says_of_its_language_counts_more_than_the_page(self) -> None:
        html = (
            "<html lang='nl'><h2>2015</h2><p>Plan</p><a href='a.pdf' hreflang='fr-BE'>PDF</a>"
            "<a href='plan_FR.pdf'>PDF</a><a href='c.pdf'>English version</a><a href='d.pdf'>PDF</a>"
        )
        assert [link.language for link in listings(html)[0].documents] == ["fr", "fr", "en", "nl"]

    def test_base_addresses(self) -> None:
        html = "<base href='/oud/'><h2>2015</h2><p>Plan</p><a href='a.pdf'>PDF</a>"
        assert listings(html)[0].documents[0].url == "https://site.example/oud/a.pdf"
        assert page_address("<link rel='canonical' href='https://a.example/fr/'>") == "https://a.example/fr/"
        saved = "<!-- saved from url=(0036)https://go4.brussels/nl/terugblik/ --><html></html>"
        assert page_address(saved) == "https://go4.brussels/nl/terugblik/"
        assert page_address("<link rel='canonical' href='/nl/'>") is None
        broken = (
            "<base href='http://['><h2>2015</h2><p>Plan</p><a href='a.pdf'>PDF</a><a href='http://['>x</a>"
        )
        assert listings(broken)[0].documents[0].url == "https://site.example/nl/plannen/a.pdf"

    @pytest.mark.parametrize(
        "html",
        [
            "",
            "\0\ufffe<",
            "<div>" * 20_000 + "2015<a href=x.pdf>PDF</a>",
            "<p>" + "<b>2015</b>" * 2_000 + "<a href=x.pdf>PDF</a>",
            "<h2>2015</h2>" * 2_000,
            "<table><tr><td>2015<td>" * 500,
        ],
        ids=["empty", "noise", "deep", "many years", "years only", "open tables"],
    )
    def test_odd_pages_give_an_answer(self, html: str) -> None:
        assert isinstance(listings(html), list)


class TestRecognise:
    @pytest.mark.parametrize(
        ("name", "plan"),
        [
            ("strategie2025_nl.pdf", "strategie-2025"),
            ("Strategie-2025-jaarverslag-2018.pdf", "strategie-2025"),
            ("go4brussels-2030.pdf", "go4brussels-2030"),
            ("Strategie Go4Brussels 2030 - 2021.pdf", "go4brussels-2030-update"),
            ("Stratégie Go4Brussels 2030 (mise à jour).pdf", "go4brussels-2030-update"),
            ("New_Deal.PDF", "new-deal"),
            ("C.E.T.pdf", "contract-economie-tewerkstelling"),
            ("pacte-social_emploi-bruxellois.pdf", "sociaal-pact"),
            ("begroting_2024.pdf", None),
            ("nieuwe-deal.pdf", None),
        ],
    )
    def test_which_plan_a_file_name_tells(self, name: str, plan: str | None) -> None:
        assert recognise(name, Description(), PLANS) == Description(plan=plan)

    def test_what_was_said_stays(self) -> None:
        said = Description(title="Bijlage", year=2012, plan="new-deal", kind="annex", language="fr")
        assert recognise("strategie-2025-begroting-2024.pdf", said, PLANS) == said

    @pytest.mark.parametrize(
        ("title", "year", "plan"),
        [
            ("Strategie Go4Brussels 2030", 2020, "go4brussels-2030"),
            ("Strategie Go4Brussels 2030", 2021, "go4brussels-2030-update"),
            ("Strategie Go4Brussels 2025", 2015, "strategie-2025"),
            ("Strategie voor afval", 2020, None),
            ("Rapport", 2011, None),
        ],
    )
    def test_which_plan_an_entry_is_about(self, title: str, year: int, plan: str | None) -> None:
        found = plan_of_entry(title, year, PLANS)
        assert (found.slug if found else None) == plan

    def test_every_plan_is_known_by_each_of_its_titles(self) -> None:
        for plan in PLANS:
            for title in (*plan.titles.values(), plan.slug):
                found: Plan | None = plan_in(title, plan.year, PLANS)
                assert found == plan


def pdf(text: str) -> bytes:
    return f"%PDF-1.4\n% {text}\n%%EOF\n".encode()


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


@pytest.fixture(scope="module")
def empty_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue as it is made at first, to be copied: making one takes longer than most tests."""
    path = tmp_path_factory.mktemp("empty") / "catalogue.sqlite"
    Catalogue.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def archive(tmp_path: Path, empty_catalogue: Path) -> Iterator[Catalogue]:
    path = tmp_path / "data" / "catalogue.sqlite"
    path.parent.mkdir()
    shutil.copy(empty_catalogue, path)
    with Catalogue.open(f"sqlite:///{path}") as catalogue:
        yield catalogue


@pytest.fixture
def intake(archive: Catalogue, tmp_path: Path) -> Intake:
    originals = Originals(tmp_path / "data" / "originals")
    return Intake(archive, originals, "test", max_size=1_000_000, timeout=20, allow_private=True)


@pytest.fixture
def rescuer(server: WebServer) -> InternetArchive:
    """The Internet Archive, on our server: without a copy of anything until a test gives it one."""
    return InternetArchive(f"{server.url}/wayback/available", f"{server.url}/web")


def keep_copy(server: WebServer, url: str, body: bytes, moment: str = "20160101120000") -> None:
    """Let the Internet Archive hold a copy of `url`, and only of that."""

    def answer(handler: object) -> None:
        asked = parse_qs(urlsplit(handler.path).query)["url"]  # type: ignore[attr-defined]
        closest = {"status": "200", "available": True, "url": "http://unused.example", "timestamp": moment}
        snapshots = {"closest": closest} if asked == [url] else {}
        send(handler, 200, json.dumps({"archived_snapshots": snapshots}).encode(), {})  # type: ignore[arg-type]

    server.route_prefix("/wayback/available", answer)
    server.serve(f"/web/{moment}id_/{url}", body)


Run = Callable[..., list[Harvested]]


@pytest.fixture
def run(intake: Intake, rescuer: InternetArchive) -> Run:
    def harvest_all(source: str, dry_run: bool = False) -> list[Harvested]:
        found = harvest(
            source,
            intake,
            source_page="https://go4.brussels/nl/terugblik/",
            dry_run=dry_run,
            internet_archive=rescuer,
        )
        return list(found)

    return harvest_all


def official_page(server: WebServer, stem: str = "sections-nl") -> str:
    """Serve one of the saved pages as the official one, with the documents that it lists."""
    html = (PAGES / f"{stem}.html").read_text(encoding="utf-8").replace("https://go4.brussels", server.url)
    for number, url in enumerate(DOCUMENTS[stem[-2:]]):
        server.serve(url.removeprefix("https://go4.brussels"), pdf(f"plan {number}"), ETag=f'"{number}"')
    return server.serve(f"/{stem[-2:]}/terugblik/", html.encode(), "text/html; charset=utf-8")


class TestHarvest:
    def test_a_live_page_is_taken_in_with_description_and_provenance(
        self, server: WebServer, run: Run, archive: Catalogue, intake: Intake
    ) -> None:
        results = run(official_page(server))
        assert [result.acceptance.status for result in results if result.acceptance] == ["accepted"] * 6
        documents: dict[int | None, Document] = {
            document.year: document for document in archive.documents(("received",))
        }
        assert sorted(documents) == sorted(YEARS)
        strategy = documents[2015]
        assert (strategy.title, strategy.plan, strategy.kind) == ("Strategie 2025", "strategie-2025", "plan")
        assert (strategy.language, strategy.filename) == (None, "Strategie 2025.PDF"), "its text will tell"
        assert documents[2021].kind == "update"
        source = strategy.provenance
        assert source.source_url == f"{server.url}/nl/terugblik/documenten/Strategie%202025.PDF"
        assert source.retrieved_url == source.source_url
        assert source.http_headers["etag"] == '"2"'
        assert source.retrieved_at is not None
        assert intake.originals.path(strategy.sha256).read_bytes() == pdf("plan 2")
        assert "/" not in server.paths, "the older site is noted, not fetched"

    def test_harvesting_again_finds_only_duplicates(self, server: WebServer, run: Run) -> None:
        page = official_page(server, "flat-headings-fr")
        run(page)
        again = [result.acceptance for result in run(page)]
        assert {acceptance.status for acceptance in again if acceptance} == {"duplicate"}

    def test_a_dry_run_shows_what_it_found_and_fetches_nothing_else(
        self, server: WebServer, run: Run, archive: Catalogue
    ) -> None:
        results = run(official_page(server), dry_run=True)
        assert [result.description.year for result in results] == YEARS
        assert {result.acceptance for result in results} == {None}
        assert server.paths == ["/nl/terugblik/"]
        assert archive.documents(("received", "failed")) == []

    def test_a_saved_page_leads_to_the_live_documents(
        self, server: WebServer, run: Run, tmp_path: Path
    ) -> None:
        official_page(server, "table-fr")
        saved = tmp_path / "rétrospective.html"
        text = (PAGES / "table-fr.html").read_text(encoding="utf-8")
        saved.write_text(text.replace("https://go4.brussels", server.url), encoding="utf-8")
        statuses = [result.acceptance.status for result in run(str(saved)) if result.acceptance]
        assert statuses == ["accepted"] * 6

    def test_a_saved_page_that_does_not_tell_its_address_is_that_of_the_settings(
        self, run: Run, tmp_path: Path
    ) -> None:
        saved = tmp_path / "saved.html"
        saved.write_text("<h2>2015</h2><h3>Plan</h3><a href='p.pdf'>PDF</a>", encoding="utf-8")
        assert run(str(saved), dry_run=True)[0].link.url == "https://go4.brussels/nl/terugblik/p.pdf"

    def test_one_dead_link_stops_nothing(self, server: WebServer, run: Run) -> None:
        page = official_page(server)
        server.answers.pop("/nl/terugblik/documenten/cet.pdf")
        results = {result.description.year: result.acceptance for result in run(page)}
        refused = results.pop(2005)
        assert refused is not None
        assert refused.status == "failed"
        assert isinstance(refused.error, DeadLink)
        assert "404" in refused.error.message
        assert "Internet Archive gives no copy" in refused.error.message
        assert [acceptance.status for acceptance in results.values() if acceptance] == ["accepted"] * 5

    @pytest.mark.parametrize("death", ["404", "503", "web page", "unknown site"])
    def test_a_dead_document_is_rescued_from_the_internet_archive(
        self, server: WebServer, run: Run, archive: Catalogue, death: str
    ) -> None:
        page = official_page(server)
        path = "/nl/terugblik/documenten/new-deal-2011.pdf"
        url = server.url + path
        if death == "404":
            server.answers.pop(path)
        elif death == "503":
            server.route(path, lambda handler: send(handler, 503, b"", {}))
        elif death == "web page":
            server.serve(path, b"<!DOCTYPE html><html>Welkom op onze nieuwe site</html>")
        else:
            url = "http://old-site.invalid/new-deal-2011.pdf"
            html = (PAGES / "sections-nl.html").read_text(encoding="utf-8")
            html = html.replace("https://go4.brussels", server.url)
            html = html.replace("documenten/new-deal-2011.pdf", url)
            server.serve("/nl/terugblik/", html.encode(), "text/html")
        keep_copy(server, url, pdf("the copy"))
        results = [result.acceptance for result in run(page)]
        assert [acceptance.status for acceptance in results if acceptance] == ["accepted"] * 6
        (rescued,) = [document for document in archive.documents(("received",)) if document.year == 2011]
        assert rescued.provenance.source_url == url
        assert rescued.provenance.retrieved_url == f"{server.url}/web/20160101120000id_/{url}"
        assert rescued.filename == "new-deal-2011.pdf"

    def test_the_page_itself_is_rescued_and_its_links_stay_those_of_the_site(
        self, server: WebServer, run: Run
    ) -> None:
        page = official_page(server)
        html = (PAGES / "sections-nl.html").read_bytes()
        server.answers.pop("/nl/terugblik/")
        keep_copy(server, page, html)
        results = run(page)
        assert results[-1].link.url == f"{server.url}/nl/terugblik/documenten/sociaal-pact.pdf"
        assert {result.acceptance.status for result in results if result.acceptance} == {"accepted"}

    @pytest.mark.parametrize(
        "answer", [b"", b"[]", b"<html>", b'{"archived_snapshots": {"closest": {"timestamp": "../../x"}}}']
    )
    def test_an_odd_answer_of_the_internet_archive_is_no_copy(
        self, server: WebServer, run: Run, answer: bytes
    ) -> None:
        page = official_page(server)
        server.answers.pop("/nl/terugblik/documenten/cet.pdf")
        server.route_prefix("/wayback/available", lambda handler: send(handler, 200, answer, {}))
        statuses = [result.acceptance.status for result in run(page) if result.acceptance]
        assert statuses.count("failed") == 1

    def test_a_page_without_entries_says_so(self, server: WebServer, run: Run) -> None:
        page = server.serve("/x", (PAGES / "nothing-listed-nl.html").read_bytes(), "text/html")
        with pytest.raises(NothingListed) as refusal:
            run(page)
        assert page in refusal.value.message

    def test_a_pdf_is_not_a_page_that_lists(self, server: WebServer, run: Run) -> None:
        with pytest.raises(NothingListed) as refusal:
            run(server.serve("/a.pdf", pdf("x")))
        assert "terugblik add" in refusal.value.hint

    def test_a_page_that_cannot_be_read(self, server: WebServer, run: Run, tmp_path: Path) -> None:
        with pytest.raises(DeadLink):
            run(f"{server.url}/nothing")
        with pytest.raises(Unreachable):
            run("http://no-such-site.invalid/")
        with pytest.raises(Unreadable):
            run(str(tmp_path / "missing.html"))
        with pytest.raises(Unreadable):
            run(str(tmp_path))
        large = tmp_path / "large.html"
        large.write_bytes(b" " * (LARGEST_PAGE + 1))
        with pytest.raises(Unreadable):
            run(str(large))


class TestIntake:
    def test_a_file(self, intake: Intake, tmp_path: Path, archive: Catalogue) -> None:
        file = tmp_path / "New Deal 2012.pdf"
        file.write_bytes(pdf("a"))
        first = intake.accept(str(file), Description(kind="report"))
        assert (first.status, first.is_new, first.source) == ("accepted", True, str(file))
        assert intake.accept(str(file)).status == "duplicate"
        document = archive.document(str(first.document))
        assert (document.plan, document.kind) == ("new-deal", "report")
        assert document.filename == "New Deal 2012.pdf"
        assert document.provenance.source_url is None

    def test_an_address(self, server: WebServer, intake: Intake, archive: Catalogue) -> None:
        url = server.serve("/get?id=3", pdf("b"), Content_Disposition="inline; filename*=UTF-8''plan%20b.pdf")
        accepted = intake.accept(url)
        document = archive.document(str(accepted.document))
        assert document.filename == "plan b.pdf"
        assert document.provenance.source_url == url

    @pytest.mark.parametrize("path", ["/map/Strat%C3%A9gie.pdf?x=1", "/"])
    def test_a_download_is_named_by_its_address(
        self, server: WebServer, intake: Intake, archive: Catalogue, path: str
    ) -> None:
        accepted = intake.accept(server.serve(path, pdf(path)))
        expected = "Stratégie.pdf" if "Strat" in path else "document.pdf"
        assert archive.document(str(accepted.document)).filename == expected

    def test_refusals_are_answers(self, server: WebServer, intake: Intake, tmp_path: Path) -> None:
        empty = tmp_path / "empty.pdf"
        empty.touch()
        pipe = tmp_path / "pipe.pdf"
        os.mkfifo(pipe)
        refused = [str(empty), str(pipe), str(tmp_path), str(tmp_path / "missing.pdf"), "nul\0.pdf"]
        refused += [server.url + "/missing.pdf", "ftp://site.example/a.pdf", server.serve("/w", b"<html>")]
        for source in refused:
            acceptance = intake.accept(source)
            assert (acceptance.status, acceptance.document) == ("failed", None)
            assert acceptance.error is not None
            assert acceptance.error.message
            assert acceptance.error.hint

    def test_a_file_name_that_is_no_text(self, intake: Intake, tmp_path: Path, archive: Catalogue) -> None:
        name = os.path.join(os.fsencode(tmp_path), b"plan-\xff.pdf")
        with open(name, "wb") as file:
            file.write(pdf("c"))
        (source,) = expand(str(tmp_path))
        accepted = intake.accept(source)
        assert archive.document(str(accepted.document)).filename == "plan-\ufffd.pdf"

    def test_a_folder_stands_for_the_pdfs_in_it(self, tmp_path: Path) -> None:
        for name in ("b.pdf", "a/z.PDF", "a/._z.pdf", "a/.hidden.pdf", "notes.txt", "c/d/e.pdf"):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        found = [os.path.relpath(path, tmp_path) for path in expand(str(tmp_path))]
        assert found == ["a/._z.pdf", "a/.hidden.pdf", "a/z.PDF", "b.pdf", "c/d/e.pdf"]

    def test_what_is_no_folder_stands_for_itself(self, tmp_path: Path) -> None:
        notes = tmp_path / "notes.txt"
        notes.touch()
        for source in (str(notes), str(tmp_path / "missing"), "https://site.example/a.pdf"):
            assert expand(source) == [source]

    def test_a_folder_that_links_to_itself_comes_to_an_end(self, tmp_path: Path) -> None:
        (tmp_path / "self").symlink_to(tmp_path)
        (tmp_path / "a.pdf").touch()
        assert expand(str(tmp_path)) == [str(tmp_path / "a.pdf")]
