"""The ground of the attack: an archive with everything in it, copies of it to hurt, and the judgement of one.

Whatever was done, the same must hold afterwards: no document is lost, blamed or half visible, the queue runs
dry, `check` finds nothing, and nobody saw a traceback.
"""

import json
import multiprocessing
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.material.pdf_files import document
from tests.surroundings.command_line import run_forked, start_forked

ROOT = Path(__file__).parents[2]
NAMES = ("Alfabeek", "Betadijk", "Gammaplein", "Deltaweg")
"""A word for each document of the archive, on all of its pages."""
EVERYWHERE = "bladzijde"
"""A word of every page."""
PAGES = 3
ARCHIVIST, PASSWORD = "attacker", "a password that is long enough"


@dataclass
class Outcome:
    """What an attack did, and what was seen."""

    done: int = 0
    what: str = ""
    """What was done so often."""
    seen: str = ""
    wrong: list[str] = field(default_factory=list)
    """What is not as it must be."""
    skipped: str = ""
    """Why nothing was done."""

    def must(self, holds: bool, otherwise: str) -> None:
        """Note `otherwise` as wrong unless this holds."""
        if not holds:
            self.wrong.append(otherwise)


class Patient:
    """An archive that is attacked."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.added: set[str] = set()
        """Documents that were seen in the catalogue: none of them may ever be missing."""
        self.hidden: set[str] = set()
        """Those of them that were withdrawn before the attack."""

    @property
    def catalogue(self) -> Path:
        """The file of its catalogue."""
        return self.data / "catalogue.sqlite"

    def close_catalogue(self) -> None:
        """Put what is in the write-ahead log into the catalogue itself, so that there is one file."""
        connection = sqlite3.connect(self.catalogue)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def environment(self, **more: str) -> Mapping[str, str]:
        """That of its commands."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TERUGBLIK_")}
        limits = {"TERUGBLIK_TIME_LIMIT": "30", "TERUGBLIK_MEMORY_LIMIT": "1024"}
        return {**kept, "PYTHONPATH": str(ROOT), "TERUGBLIK_DATA": str(self.data), **limits, **more}

    def run(
        self, *arguments: str | Path, stdin: str = "", seconds: float = 150
    ) -> "subprocess.CompletedProcess[str]":
        """A command, to its end, by a user who may read only what its owner lets them."""
        folder = self.data.parent
        told = (tuple(map(str, arguments)), self.environment(), folder, stdin, seconds)
        return run_forked(*told, is_privileged=False)

    def answer(self, *arguments: str | Path) -> Any:
        """What a command says with --json."""
        return json.loads(self.run(*arguments, "--json").stdout.splitlines()[-1])

    def start(self, log: Path, *arguments: str | Path) -> multiprocessing.process.BaseProcess:
        """A command that runs on; what it says goes into `log`."""
        return start_forked(tuple(map(str, arguments)), self.environment(), self.data.parent, log)

    def settle(self, tries: int = 4) -> str:
        """Let the worker do what waits; what it said when it could not."""
        said = ""
        for _ in range(tries):
            done = self.run("work", "--once", "--json")
            if done.returncode == 0 and json.loads(done.stdout.splitlines()[-1])["jobs"] == 0:
                return ""
            said = done.stderr[-300:] if done.returncode else ""
        return said or "the queue does not run dry"

    def judge(self, outcome: Outcome, after: str) -> None:
        """Note what is not as it must be, now that the attack is over and the worker has had its time."""
        if trouble := self.settle():
            outcome.wrong.append(f"after {after}: the queue does not run dry: {trouble}")
        checked = self.run("check", "--json")
        if checked.returncode != 0:
            outcome.wrong.append(f"after {after}: check: {_problems(checked)}")
        answered = self.answer("list")
        if "error" in answered:
            outcome.wrong.append(f"after {after}: list says {answered['error']['message']}")
            return
        listed = answered["documents"]
        held = {one["id"]: one for one in listed}
        outcome.must(self.added <= held.keys(), f"after {after}: lost {sorted(self.added - held.keys())}")
        self.added |= held.keys()
        for one in listed:
            if one["status"] not in ("ready", "withdrawn"):
                outcome.wrong.append(f"after {after}: {one['id']} is {one['status']}: {one['reason']}")
        expected = {one["id"]: one["pages"] for one in listed if one["status"] == "ready"}
        answered = self.answer("search", EVERYWHERE, "--limit", "1000")
        if "error" in answered:
            outcome.wrong.append(f"after {after}: search says {answered['error']['message']}")
            return
        hits = answered["hits"]
        found: dict[str, set[int]] = {}
        for hit in hits:
            found.setdefault(hit["document"], set()).add(hit["page"])
        for identifier, pages in expected.items():
            shown = found.pop(identifier, set())
            if shown != set(range(1, pages + 1)):
                outcome.wrong.append(
                    f"after {after}: {identifier} is found on {sorted(shown)} of {pages} pages"
                )
        outcome.must(not found, f"after {after}: found though not ready: {sorted(found)}")

    @contextmanager
    def serve(self, **more: str) -> Iterator["Site"]:
        """The site of this archive, with its worker, until the end of the block."""
        log = self.data.parent / "serve.log"
        command = [sys.executable, str(ROOT / "terugblik.py"), "serve", "--port", "0", "--json"]
        with log.open("wb") as said:
            process = subprocess.Popen(
                command,
                env=dict(self.environment(**more)),
                cwd=self.data.parent,
                stdout=subprocess.PIPE,
                stderr=said,
                start_new_session=True,
            )
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise RuntimeError(f"serve did not start: {log.read_text()[-500:]}")
            site = Site(json.loads(line)["url"], process, log)
            site.wait_until_it_answers()
            yield site
        finally:
            family = descendants(process.pid)
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            end(family)


class Site:
    """A running site."""

    def __init__(self, url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.url = url
        self.process = process
        self.log = log
        self.host, port = url.removeprefix("http://").split(":")
        self.port = int(port)

    def wait_until_it_answers(self, seconds: float = 60) -> None:
        """Return as soon as the site answers."""
        end_of_patience = time.monotonic() + seconds
        while True:
            try:
                httpx.get(f"{self.url}/nl/help", timeout=10)
                return
            except httpx.HTTPError:
                if time.monotonic() > end_of_patience:
                    raise
                time.sleep(0.1)

    def tracebacks(self) -> list[str]:
        """The last line of each traceback in the log that tells of no error that was foreseen."""
        text = self.log.read_text(errors="replace")
        said = re.findall(r"^Traceback[^\n]*\n(?:[ \t][^\n]*\n)*([^\n]*)", text, re.MULTILINE)
        return [line for line in said if not line.startswith(("archive.", "index.", "search_app."))]

    def signed_in(self) -> tuple[httpx.Client, str]:
        """A client of an archivist, and the token of their forms."""
        client = httpx.Client(base_url=self.url, timeout=60)
        fields = hidden_fields(client.get("/nl/archivist/sign-in").text)
        answer = client.post(
            "/nl/archivist/sign-in", data={**fields, "name": ARCHIVIST, "password": PASSWORD}
        )
        if answer.status_code != 303:
            raise RuntimeError(f"no one can sign in: {answer.status_code}")
        return client, self.token(client)

    def token(self, client: httpx.Client) -> str:
        """The token that the forms of this session carry now."""
        fields = hidden_fields(client.get("/nl/archivist/add").text)
        return next((value for name, value in fields.items() if "token" in name), "")


def hidden_fields(page: str) -> dict[str, str]:
    """The hidden fields of the first form with any."""
    fields = {}
    for tag in re.findall(r"<input[^>]*type=\"?hidden\"?[^>]*>", page):
        name = re.search(r"name=\"([^\"]*)\"", tag)
        value = re.search(r"value=\"([^\"]*)\"", tag)
        if name:
            fields[name[1]] = value[1] if value else ""
    return fields


def descendants(process: int | None) -> list[psutil.Process]:
    """All processes that this one started, and those that they started."""
    try:
        return psutil.Process(process).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def end(family: Sequence[psutil.Process]) -> None:
    """End what is left of these processes."""
    for process in family:
        try:
            process.kill()
            process.wait(10)
        except (psutil.NoSuchProcess, psutil.TimeoutExpired):
            continue


def _problems(checked: "subprocess.CompletedProcess[str]") -> str:
    try:
        problems = json.loads(checked.stdout.splitlines()[-1])["problems"]
        return "; ".join(f"{one['kind']}: {one['detail']}" for one in problems)[:300]
    except (ValueError, KeyError, IndexError):
        return f"exit {checked.returncode}: {(checked.stdout + checked.stderr)[-300:]}"


class Ground:
    """A folder for everything that the attack makes; whoever made it removes it."""

    def __init__(
        self,
        folder: Path,
        chance: random.Random,
        log: Path | None = None,
        names: Sequence[str] = NAMES,
        pages: int = PAGES,
    ) -> None:
        """A ground in a folder.

        Args:
            log: where :meth:`note` writes.
            names: of the documents of the archive; the attacks need three, of which one is withdrawn.
            pages: of each of them.
        """
        self.folder = folder
        self.chance = chance
        self._names = names
        self._pages = pages
        self._log = log
        self._base = Patient(folder / "base" / "archive")
        self.yesterday = folder / "yesterday.sqlite"
        """The catalogue as it was before the newest document was added."""

    def note(self, verdict: str) -> None:
        """Keep a verdict on one thing that was done, for those who want to look at each."""
        if self._log is not None:
            with self._log.open("a", encoding="utf-8") as log:
                log.write(verdict + "\n")

    def prepare(self) -> None:
        """Make the archive that is copied: documents, read, drawn, one of them withdrawn; an account."""
        files = [self.pdf(name, self._pages) for name in self._names]
        base = self._base
        base.data.parent.mkdir()
        for added in (files[:-1], files[-1:]):
            done = base.run("add", *added, "--json")
            if done.returncode:
                raise RuntimeError(f"the archive to attack could not be made: {done.stderr[-500:]}")
            if not self.yesterday.exists():
                base.close_catalogue()
                shutil.copyfile(base.catalogue, self.yesterday)
        listed = base.answer("list")["documents"]
        base.run("withdraw", listed[-1]["id"], "--reason", "replaced by a better scan")
        base.run("user", "add", ARCHIVIST, stdin=f"{PASSWORD}\n")
        if trouble := base.settle():
            raise RuntimeError(trouble)
        base.added, base.hidden = {one["id"] for one in listed}, {listed[-1]["id"]}

    def pdf(self, name: str, pages: int = PAGES) -> Path:
        """A small PDF whose pages speak of `name`."""
        file = self.folder / f"{name}.pdf"
        file.write_bytes(document(name, pages))
        return file

    def patient(self, of: Patient | None = None) -> Patient:
        """A copy of the archive, or of another copy, to be hurt."""
        whole = of or self._base
        place = Path(tempfile.mkdtemp(prefix="copy-", dir=self.folder))
        patient = Patient(place / "archive")
        shutil.copytree(whole.data, patient.data)
        patient.added, patient.hidden = set(whole.added), set(whole.hidden)
        return patient

    def discard(self, patient: Patient) -> None:
        """Remove a copy that is no longer needed."""
        shutil.rmtree(patient.data.parent, ignore_errors=True)


@contextmanager
def in_threads(count: int, work: Any) -> Iterator[list[threading.Thread]]:
    """Do `work(number)` in so many threads, until the end of the block, which waits for them."""
    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield threads
    finally:
        for thread in threads:
            thread.join(60)
