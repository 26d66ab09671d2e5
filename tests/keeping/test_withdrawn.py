"""What is withdrawn is nowhere from that moment on, at every door and in every process that was running.

The worker is kept from working, so the index still holds what was withdrawn. Words are asked for by others
that look like them, so that no answer has them from the question.
"""

import html
import io
import json
import os
import re
import select
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import product
from pathlib import Path

import httpx
import pytest
from werkzeug.routing import BuildError

from archive.catalogue.queue import Queue
from archive.catalogue.worker_lock import WorkerLock
from archive.records import Description, Document, Page
from search_app import create_app
from tests.surroundings.command_line import run_forked
from tests.surroundings.reading_room import ReadingRoom, fill, make_page

ROOT = Path(__file__).parents[2]

WITHDRAWN, FAILED, UNREADY, REMOVED = "zibbelkwark", "dwimbelflork", "snorreplumt", "kwastelgromp"
SECRETS = (WITHDRAWN, FAILED, UNREADY, REMOVED)

MOST_LINKS = 60


def page_saying(secret: str, number: int) -> Page:
    return make_page(
        number,
        [
            ("heading", "fr", f"Chapitre {number}"),
            ("paragraph", "fr", f"Le {secret} de Bruxelles engage les partenaires sociaux en 2011 et 2012."),
        ],
    )


class Withdrawal:
    """A running site, and what was asked of it before a document was withdrawn."""

    def __init__(self, data: Path, room: ReadingRoom, held: dict[str, Document], url: str) -> None:
        self.data = data
        self.room = room
        self.settings = room.settings
        self.held = held
        self.url = url
        self.links: list[str] = []
        self.tags: dict[str, str] = {}
        self._http = httpx.Client(timeout=60, limits=httpx.Limits(max_keepalive_connections=0))

    def worker_has_not_worked(self) -> bool:
        """Whether the removal still waits, which is what these tests are about."""
        return [job.kind for job in Queue(self.room.catalogue).waiting()][:1] == ["remove"]

    def close(self) -> None:
        self._http.close()

    def get(self, address: str, **headers: str) -> httpx.Response:
        """An answer over a connection of its own, which any of the processes may take."""
        return self._http.get(self.url + address, headers=headers)


@pytest.fixture(scope="module")
def withdrawal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Withdrawal]:
    """The site after the withdrawal; the worker has not got to it yet."""
    data = tmp_path_factory.mktemp("withdrawn") / "var"
    room = ReadingRoom(data)
    held = fill_with_secrets(room)
    lock = WorkerLock(data)
    assert lock.acquire()
    try:
        with serving(data) as url:
            site = Withdrawal(data, room, held, url)
            look_around(site)
            done = run_forked(
                ["withdraw", held["secret"].id, "--reason", "Vie privée"], environment(data), data
            )
            assert done.returncode == 0, done.stderr
            assert site.worker_has_not_worked()
            yield site
            site.close()
    finally:
        lock.release()
        room.close()


def fill_with_secrets(room: ReadingRoom) -> dict[str, Document]:
    held = fill(room)
    for name, secret in (
        ("secret", WITHDRAWN),
        ("failed", FAILED),
        ("removed", REMOVED),
        ("unready", UNREADY),
    ):
        pages = [page_saying(secret, number) for number in (1, 2)]
        held[name] = room.add(pages, Description(f"Rapport {name}", 2012, "new-deal", "other", "fr"))
    translated = "Het plan van Brussel verbindt de sociale gesprekspartners in 2011 en 2012."
    pages = [
        make_page(number, [("heading", "nl", f"Hoofdstuk {number}"), ("paragraph", "nl", translated)])
        for number in (1, 2)
    ]
    held["translation"] = room.add(pages, Description("Verslag", 2012, "new-deal", "other", "nl"))
    room.catalogue.mark_failed(held["failed"].id, "x", "test")
    room.catalogue.mark_failed(held["unready"].id, "x", "test")
    room.catalogue.restore(held["unready"].id, "test")
    room.catalogue.start(held["unready"].id, "test")
    room.catalogue.withdraw(held["removed"].id, "x", "test")
    room.indexer.follow([held["removed"].id], ())
    queue = Queue(room.catalogue)
    while job := queue.claim():
        queue.finish(job)
    return held


def environment(data: Path) -> dict[str, str]:
    return {**os.environ, "TERUGBLIK_DATA": str(data), "TERUGBLIK_WEB_PROCESSES": "2"}


@contextmanager
def serving(data: Path) -> Iterator[str]:
    command = [sys.executable, ROOT / "terugblik.py", "serve", "--port", "0", "--json"]
    with subprocess.Popen(command, env=environment(data), stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None
            assert select.select([server.stdout], [], [], 120)[0]
            yield json.loads(server.stdout.readline())["url"]
        finally:
            server.terminate()
            server.wait(30)


def look_around(site: Withdrawal) -> None:
    """Have every process keep what it keeps, and note every address that leads to the document."""
    secret = site.held["secret"].id
    for _ in range(6):
        assert WITHDRAWN in site.get(f"/fr/search?q={WITHDRAWN[:-1]}q").text
        assert WITHDRAWN in site.get(f"/fr/concordance?q={WITHDRAWN[:7]}*").text
    links = {f"/original/{secret}.pdf": None, f"/page-words/{secret}/1.json": None}
    for address in (
        f"/fr/search?q={WITHDRAWN[:7]}*",
        f"/fr/search.atom?q={WITHDRAWN[:7]}*",
        f"/fr/document/{secret}",
        f"/fr/document/{secret}/page/1?q=partenaires",
        f"/fr/document/{secret}/page/1/parallel",
        f"/fr/document/{secret}/page/1/cite",
        f"/fr/document/{site.held['translation'].id}/page/1/parallel?beside={secret}",
        f"/fr/document/{secret}/versions/{site.held['strategy'].id}",
    ):
        answer = site.get(address)
        assert answer.status_code == 200, address
        links[address] = None
        found = map(html.unescape, re.findall(r'(?:href|src)="([^"]+)"', answer.text))
        told = [each.removeprefix(site.url) for each in found]
        links |= dict.fromkeys(each.partition("#")[0] for each in told if secret in each)
    site.links = [link for link in links if link.startswith("/") and "page-image" not in link][:MOST_LINKS]
    assert len(site.links) > 20
    for link in site.links:
        answer = site.get(link)
        assert answer.status_code == 200, link
        assert {"no-cache", "no-store"} & set(answer.headers["Cache-Control"].split(", ")), link
        if tag := answer.headers.get("ETag"):
            site.tags[link] = tag
    assert site.tags


def said(answer: httpx.Response) -> str:
    """All that an answer says, also what is packed in a workbook."""
    if not answer.content.startswith(b"PK"):
        return answer.content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


def secrets_in(answer: httpx.Response) -> list[str]:
    text = said(answer).casefold() + str(answer.headers).casefold()
    return [secret for secret in SECRETS if secret in text]


def test_no_address_that_was_shown_leads_to_it_any_more(withdrawal: Withdrawal) -> None:
    secret = withdrawal.held["secret"].id
    for link in withdrawal.links:
        known = {"If-None-Match": withdrawal.tags[link]} if link in withdrawal.tags else {}
        answer = withdrawal.get(link, **known)
        assert not secrets_in(answer), link
        if f"/{secret}" in link:
            assert answer.status_code == 410, link
        else:
            assert answer.status_code != 304, link


QUESTIONS = [
    "",
    *(f"{name}={WITHDRAWN[:-1]}q" for name in ("q", "term")),
    f"q={WITHDRAWN[:-2]}*",
    f"q={FAILED[:-1]}q~",
    f"text=Le+{WITHDRAWN[:-1]}q+de+Bruxelles+engage+les+partenaires+sociaux",
]
"""Each resembles a word that is not to be told, or finds it by its beginning."""


ENDINGS = ("csv", "xlsx", "jsonl", "svg", "png", "json", "bib", "ris", "csl.json")


def doors(withdrawal: Withdrawal) -> list[str]:
    """The address of every door for readers, about what is withdrawn and about what stands beside it."""
    held = withdrawal.held
    about = {
        "interface": ["fr"],
        "identifier": [held["secret"].id, held["translation"].id],
        "other": [held["strategy"].id, held["secret"].id],
        "number": [1],
        "ending": ENDINGS,
    }
    app = create_app(withdrawal.settings)
    adapter, found = app.url_map.bind("localhost"), []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(("static", "archivist")) or "GET" not in (rule.methods or ()):
            continue
        names = sorted(rule.arguments)
        for values in product(*(about[name] for name in names)):
            with suppress(BuildError, ValueError):  # an ending that this door does not have
                found.append(adapter.build(rule.endpoint, dict(zip(names, values, strict=True))))
    return list(dict.fromkeys(found))


def test_no_door_tells_a_word_that_readers_may_not_see(withdrawal: Withdrawal) -> None:
    asked, secret = 0, withdrawal.held["secret"].id
    with httpx.Client(base_url=withdrawal.url, timeout=60) as client:
        for door in doors(withdrawal):
            is_closed = f"/{secret}" in door
            for question in ("",) if is_closed else QUESTIONS:
                answer = client.get(door, params=question)
                is_being_drawn = "/page-image/" in door and answer.status_code == 503
                assert answer.status_code < 500 or is_being_drawn, (door, question, answer.text)
                assert not secrets_in(answer), (door, question)
                assert not is_closed or answer.status_code in (400, 404, 410), door
                asked += answer.status_code == 200
    assert asked > 100


def test_no_process_suggests_a_word_that_readers_may_not_see(withdrawal: Withdrawal) -> None:
    for secret in SECRETS:
        for _ in range(4):  # whichever process answers
            answer = withdrawal.get(f"/fr/search?q={secret[:-1]}q")
            assert answer.status_code == 200
            assert not secrets_in(answer), secret


def test_a_quotation_of_it_is_found_nowhere(withdrawal: Withdrawal) -> None:
    for secret in SECRETS:
        text = f"Le {secret} de Bruxelles engage les partenaires sociaux en 2011"
        answer = withdrawal.get(f"/api/v1/quote?text={text}").json()
        assert (answer["verdict"], answer["matches"]) == ("not found", []), secret


def test_the_command_line_finds_it_no_more(withdrawal: Withdrawal) -> None:
    for secret in SECRETS:
        for verb in (["search", f"{secret[:-1]}q"], ["search", f"{secret[:-2]}*"]):
            done = run_forked([*verb, "--json"], environment(withdrawal.data), withdrawal.data)
            assert done.returncode == 0, done.stderr
            assert secret not in done.stdout
    assert withdrawal.worker_has_not_worked()
