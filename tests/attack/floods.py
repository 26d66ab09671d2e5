"""More than the site can do: many clients, slow ones, huge bodies, requests that say two things at once."""

import http.client
import socket
import time
from collections import Counter
from contextlib import closing, suppress

import httpx

from tests.attack.ground import EVERYWHERE, NAMES, Ground, Outcome, Site, in_threads

_CLIENTS, _SLOW, _BESIDE = 128, 200, 32
_HUGE = 600 * 1024 * 1024
_WITHIN = 15.0
"""Seconds in which a flooded site answers, with what was asked for or with 503."""
_STRANGER = "127.0.0.2"
"""Another address of this machine: what one client does must not take the site away from another one."""

Timed = list[tuple[int, float]]
"""Status and seconds of each request; status 0 for one that got no answer."""


def attack(ground: Ground, seconds: float) -> Outcome:
    """128 clients at once; 200 connections that send a byte now and then; bodies of 600 MB; smuggling."""
    outcome = Outcome(what=f"requests by {_CLIENTS} clients, {_SLOW} slow ones, bodies")
    patient = ground.patient()
    with patient.serve() as site:
        timed = _clients(site, _CLIENTS, seconds / 2)
        outcome.done += len(timed)
        _note(timed, outcome, (200, 429, 503))
        outcome.must(_p(timed, 99) <= _WITHIN, f"p99 is {_p(timed, 99):.1f} s with {_CLIENTS} clients")
        outcome.seen = f"p99 {_p(timed, 99):.2f} s, {_statuses(timed)}"
        outcome.done += _slow_connections(site, seconds / 4, outcome)
        outcome.done += _bodies(site, outcome)
        outcome.done += _double_meanings(site, outcome)
        last = httpx.get(f"{site.url}/nl/", timeout=30)
        outcome.must(last.status_code == 200, f"after the floods the site answers {last.status_code}")
        outcome.must(not site.tracebacks(), f"tracebacks in the log: {site.tracebacks()[-2:]}")
    patient.judge(outcome, "floods")
    ground.discard(patient)
    return outcome


def attack_beside_ingestion(ground: Ground, seconds: float) -> Outcome:
    """32 clients search while documents are taken in: no errors; how long the slowest wait is shown."""
    outcome = Outcome(what=f"searches by {_BESIDE} clients beside ingestion")
    patient = ground.patient()
    files = [ground.pdf(f"Ernaast{number}", pages=12) for number in range(3)]
    with patient.serve() as site:
        adding = patient.start(patient.data.parent / "adding.log", "add", *files)
        timed = _clients(site, _BESIDE, seconds)
        adding.kill()  # the worker of the site goes on with what was accepted
        adding.join()
        outcome.done = len(timed)
        _note(timed, outcome, (200,))
        outcome.must(not site.tracebacks(), f"tracebacks in the log: {site.tracebacks()[-2:]}")
    outcome.seen = ", ".join(f"p{share} {_p(timed, share):.2f} s" for share in (50, 95, 99))
    patient.judge(outcome, "searches beside ingestion")
    ground.discard(patient)
    return outcome


def _clients(site: Site, count: int, seconds: float) -> Timed:
    """What so many clients see that ask one search after the other."""
    timed: Timed = []
    end_of_time = time.monotonic() + seconds

    def ask(number: int) -> None:
        turn = 0
        while time.monotonic() < end_of_time:
            word = (EVERYWHERE, *NAMES, "werkgelegenheid")[(number + turn) % 6]
            turn += 1
            begun = time.monotonic()
            try:
                with closing(http.client.HTTPConnection(site.host, site.port, timeout=60)) as connection:
                    connection.request("GET", f"/nl/search?q={word}+{number % 7 or ''}")
                    answer = connection.getresponse()
                    answer.read()
                    status = answer.status
            except (OSError, http.client.HTTPException):
                status = 0
            timed.append((status, time.monotonic() - begun))
            if status != 200:
                time.sleep(0.5)  # a client that is told to come back does not do so at once

    with in_threads(count, ask):
        pass
    return timed


def _note(timed: Timed, outcome: Outcome, allowed: tuple[int, ...]) -> None:
    for status, count in Counter(status for status, _seconds in timed).items():
        outcome.must(status in allowed, f"{count} requests got {status or 'no answer'}")
    outcome.must(any(status == 200 for status, _seconds in timed), "nobody got an answer")


def _p(timed: Timed, share: int) -> float:
    """Seconds within which so many percent of the requests ended."""
    durations = sorted(seconds for _status, seconds in timed)
    return durations[min(len(durations) - 1, len(durations) * share // 100)] if durations else 0.0


def _statuses(timed: Timed) -> str:
    counts = Counter(status for status, _seconds in timed)
    return ", ".join(f"{count} × {status or 'no answer'}" for status, count in sorted(counts.items()))


def _slow_connections(site: Site, seconds: float, outcome: Outcome) -> int:
    """Hold 200 connections from one address, each sending a byte a second; others must get answers."""
    slow: list[socket.socket] = []
    try:
        for _ in range(_SLOW):
            try:
                held = socket.create_connection((site.host, site.port), 5, source_address=(_STRANGER, 0))
            except OSError:
                break  # the site takes no more of them, which is its right
            held.settimeout(1)
            slow.append(held)
        for held in slow:
            _send(held, b"POST /nl/quote HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n")
        end_of_time = time.monotonic() + seconds
        worst = 0.0
        while time.monotonic() < end_of_time:
            for held in slow:
                _send(held, b"x")
            begun = time.monotonic()
            try:
                answer = httpx.get(f"{site.url}/nl/search?q={EVERYWHERE}", timeout=20)
                outcome.must(answer.status_code == 200, f"beside slow connections: {answer.status_code}")
            except httpx.HTTPError as error:
                outcome.wrong.append(f"beside {len(slow)} slow connections: {type(error).__name__}")
                break
            worst = max(worst, time.monotonic() - begun)
            time.sleep(1)
        outcome.must(worst <= _WITHIN, f"beside {len(slow)} slow connections an answer took {worst:.1f} s")
        outcome.seen += f"; beside {len(slow)} slow ones {worst:.2f} s"
    finally:
        for held in slow:
            held.close()
    return len(slow)


def _send(held: socket.socket, content: bytes) -> None:
    with suppress(OSError):  # the site may close it
        held.sendall(content)


def _bodies(site: Site, outcome: Outcome) -> int:
    """Announce 600 MB to several addresses: refused before they are sent."""
    addresses = ("/nl/quote", "/api/v1/quote", "/nl/archivist/sign-in", "/nl/archivist/add", "/nowhere")
    for address in addresses:
        for framing in (f"Content-Length: {_HUGE}", "Transfer-Encoding: chunked"):
            status, sent = _send_much(site, address, framing)
            outcome.must(
                status in (400, 401, 403, 404, 405, 411, 413), f"{_HUGE} bytes to {address}: {status}"
            )
            outcome.must(sent < 32 * 1024 * 1024, f"of a huge body {sent} bytes were read at {address}")
    return 2 * len(addresses)


def _send_much(site: Site, address: str, framing: str) -> tuple[int, int]:
    """The status of the answer, and the bytes that were taken before it."""
    piece = bytes(64 * 1024)
    chunk = b"%x\r\n" % len(piece) + piece + b"\r\n" if "chunked" in framing else piece
    sent = 0
    with closing(socket.create_connection((site.host, site.port), 10)) as connection:
        head = (
            f"POST {address} HTTP/1.1\r\nHost: {site.host}\r\n{framing}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        )
        connection.sendall(head.encode())
        connection.settimeout(0.05)
        try:
            while sent < 40 * 1024 * 1024:
                try:
                    if answer := connection.recv(4096):
                        return _status(answer), sent
                    return 0, sent
                except TimeoutError:
                    pass
                connection.settimeout(10)
                connection.sendall(chunk * 16)
                connection.settimeout(0.05)
                sent += 16 * len(piece)
        except OSError:
            pass
        try:
            connection.settimeout(10)
            return _status(connection.recv(4096)), sent
        except OSError:
            return 413, sent  # it was closed in the middle of what it refuses


def _status(answer: bytes) -> int:
    parts = answer.split(b" ", 2)
    return int(parts[1]) if len(parts) > 1 and parts[1][:3].isdigit() else 0


def _double_meanings(site: Site, outcome: Outcome) -> int:
    """Requests that two servers would read differently are refused."""
    requests = {
        "length and chunks": b"POST /nl/quote HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "two lengths": b"POST /nl/quote HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
        b"Content-Length: 6\r\n\r\nhello",
        "no host": b"GET /nl/ HTTP/1.1\r\n\r\n",
    }
    for name, request in requests.items():
        with closing(socket.create_connection((site.host, site.port), 10)) as connection:
            connection.sendall(request)
            connection.settimeout(10)
            try:
                status = _status(connection.recv(4096))
            except OSError:
                status = 400
            outcome.must(status in (0, 400), f"a request with {name} was answered with {status}")
    return len(requests)
