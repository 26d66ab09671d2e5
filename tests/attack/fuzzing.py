"""Every route and parameter with values that nobody should send: no 5xx but 503 with a reason."""

import http.client
import inspect
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any
from urllib.parse import quote_from_bytes

from werkzeug.routing import Rule

from archive.settings import read
from search_app import create_app
from search_app.web import parameters
from tests.attack.ground import EVERYWHERE, Ground, Outcome, Patient, Site

_METHODS = (
    "GET",
    "GET",
    "GET",
    "GET",
    "HEAD",
    "POST",
    "POST",
    "OPTIONS",
    "PUT",
    "DELETE",
    "PATCH",
    "TRACE",
    "BREW",
)
_SLOWEST = 20.0
"""Seconds that an answer may take, on a machine that does other things as well."""
_LONGEST_ADDRESS = 7_000
"""Bytes; what is longer is the server's business, and looked at once."""

NASTY: Sequence[bytes] = (
    b"",
    b" ",
    b"0",
    b"-1",
    b"1",
    b"2",
    b"99999999999999999999",
    b"1e9",
    b"NaN",
    b"\xff\xfe",
    b"\x00",
    b"a\x00b",
    b"\xed\xa0\x80",
    b"\xed\xa0\x80\xed\xb0\x80",
    b"\xc0\xaf",
    b"%",
    b"%zz",
    b"..",
    b"../../../etc/passwd",
    b"..%2f..%2fetc",
    b"<script>alert(1)</script>",
    b"'\"><img src=x onerror=x>",
    b"{{7*7}}",
    b"${7*7}",
    b"' OR 1=1 --",
    b"\r\nSet-Cookie: x=y",
    b"x" * 5000,
    b"a " * 1500,
    b"(" * 900,
    b'"' * 301,
    b"-" * 500,
    b"* OR " * 200,
    b"a~" * 300,
    b"year:",
    b"year:9999999999",
    b"lang:xx",
    b"plan:none year:none",
    b'"a b"~99999',
    b"a OR OR b",
    b"title:()",
    b"\xe2\x80\xae\xe2\x80\x8b",
    "é́́́́ß\u0149ﬁ".encode(),
    "😀".encode() * 300,
    "İI\u0131".encode(),
    b"none",
    b"nl,fr,,",
    b"2011-2020",
    b"2020-2011",
    b"0000-9999",
    b"17-31",
    b"31-17",
    b"999999-999999",
    b"0" * 400,
    b"\xd9\xa1",
    b"yes",
    b"\t\n\x0b\x0c\x1b",
    b"null",
    b"true",
    b"[]",
    b"a,b;c|d&e=f",
    b"application/json",
    b"bytes=0-",
    EVERYWHERE.encode(),
)

_HEADERS: Mapping[str, Sequence[str]] = {
    "Accept": ("text/html", "application/json", "*/*;q=x", "a/b" * 500, ""),
    "Accept-Language": ("nl", "fr;q=x", "xx-YY-zz" * 200, "*", "\xff"),
    "Accept-Encoding": ("gzip", "br;q=0, *", "gzip;q=nan", "identity;q=0"),
    "Range": (
        "bytes=0-",
        "bytes=-1",
        "bytes=5-2",
        "bytes=0-0,5-9,2-3",
        "lines=1-2",
        "bytes=x",
        "bytes=99999999999999-",
    ),
    "If-None-Match": ("*", 'W/"x"', '"', "x" * 900),
    "If-Modified-Since": ("yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 99 Foo 9999"),
    "Cookie": ("session=x", "session=.eJw;;=;", "remember_token=1|x", "a" * 2000),
    "Content-Type": (
        "application/json",
        "text/plain",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "application/x-www-form-urlencoded; charset=utf-7",
        "x/\xff",
    ),
    "X-Forwarded-For": ("1.2.3.4", "x" * 300, "::1, unknown"),
    "Origin": ("null", "https://elsewhere.example"),
    "Sec-Fetch-Site": ("cross-site", "same-origin"),
    "Host": ("elsewhere.example", "a" * 300, "localhost:99999", "[::1", "x y"),
}

_BODIES: Sequence[bytes] = (
    b"",
    b"{",
    b"[]",
    b"null",
    b'{"text": 5}',
    b'{"text": "\\ud800"}',
    b'{"text": "' + b"x" * 30_000 + b'"}',
    b"\xff\xfe\x00",
    b"text=%ED%A0%80&text=x",
    b"=&=&=",
    b"text=" + b"woord " * 5_000,
    b"--x\r\n\r\n--x--",
    b"[" * 3_000,
)


def attack(ground: Ground, seconds: float) -> Outcome:
    """Requests made of a rule of the site and of nasty values, by strangers and by an archivist."""
    outcome = Outcome(what="requests to every route with nasty values")
    patient = ground.patient()
    rules, names = _rules(patient), _names()
    with patient.serve(TERUGBLIK_WEB_PROCESSES="1") as site:
        client, token = site.signed_in()
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        statuses: Counter[int] = Counter()
        slowest = (0.0, "")
        end_of_time = time.monotonic() + seconds
        while time.monotonic() < end_of_time and len(outcome.wrong) < 20:
            rule = rules[outcome.done % len(rules)]
            is_archivist = "archivist" in rule.rule and ground.chance.random() < 0.7
            request = _request(rule, names, patient, ground, token if is_archivist else "")
            if is_archivist:
                request["headers"]["Cookie"] = cookies
            begun = time.monotonic()
            statuses[_send(site, request, outcome)] += 1
            outcome.done += 1
            slowest = max(slowest, (time.monotonic() - begun, rule.rule))
        outcome.must(slowest[0] <= _SLOWEST, f"{slowest[1]} took {slowest[0]:.0f} s")
        outcome.must(not site.tracebacks(), f"tracebacks in the log: {site.tracebacks()[-3:]}")
        outcome.must(site.process.poll() is None, "the site has ended")
    told = ", ".join(f"{status} {count}" for status, count in sorted(statuses.items()))
    outcome.seen = f"{len(rules)} routes: {told}; slowest {slowest[0]:.1f} s ({slowest[1]})"
    patient.judge(outcome, "fuzzing")
    ground.discard(patient)
    return outcome


def _rules(patient: Patient) -> list[Rule]:
    """Every rule, those of the desk twice; not the way out of it, which would end the archivist's session."""
    app = create_app(read({"TERUGBLIK_DATA": str(patient.data)}))
    rules = [rule for rule in app.url_map.iter_rules() if not rule.endpoint.endswith("leave")]
    app.extensions["library"].catalogue.close()
    return rules


def _names() -> list[str]:
    """The name of every parameter that is declared anywhere, and some that forms have."""
    declared = {
        value.name
        for _name, value in inspect.getmembers(parameters)
        if isinstance(getattr(value, "name", None), str) and hasattr(value, "purpose")
    }
    others = {
        "word",
        "with-words",
        "with-passage",
        "with-sum",
        "with-page",
        "id",
        "format",
        "nonsense",
        "title",
        "date",
    }
    return sorted(declared | others | {"reason", "do", "instruction", "files", "name", "password", "next"})


def _request(
    rule: Rule, names: Sequence[str], patient: Patient, ground: Ground, token: str
) -> dict[str, Any]:
    chance = ground.chance
    values: dict[str, bytes] = {}
    for name in rule.arguments:
        values[name] = _path_value(name, patient, ground)
    path = b"".join(
        (values[text] if is_variable else text.encode())
        for is_variable, text in rule._trace[1:]
        if text != "|"
    ).replace(b"//", b"/")
    asked = [
        f"{name}={quote_from_bytes(chance.choice(NASTY))}"
        for name in chance.choices(names, k=chance.choice((0, 1, 1, 2, 3, 6)))
    ]
    if chance.random() < 0.2 and asked:
        asked *= 3
    address = (path + b"?" + "&".join(asked).encode())[:_LONGEST_ADDRESS] if asked else path
    headers = {name: chance.choice(_HEADERS[name]) for name in chance.sample(sorted(_HEADERS), 2)}
    method, body = chance.choice(_METHODS), b""
    if method in ("POST", "PUT", "PATCH") or (
        token and chance.random() < 0.5 and "POST" in (rule.methods or ())
    ):
        method = method if method in ("PUT", "PATCH") else "POST"
        body = chance.choice(_BODIES)
        if token:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = f"token={token}&csrf_token={token}&{'&'.join(asked)}".encode()
            address = path
    return {"method": method, "address": address.decode("ascii", "replace"), "headers": headers, "body": body}


def _path_value(name: str, patient: Patient, ground: Ground) -> bytes:
    chance = ground.chance
    likely: Mapping[str, Sequence[str]] = {
        "interface": ("nl", "fr", "en"),
        "identifier": sorted(patient.added),
        "other": sorted(patient.added),
        "number": ("1", "2", "3", "4", "0", "99999999999999999999"),
        "ending": ("csv", "xlsx", "jsonl", "json", "ris", "bib", "svg", "png", "csl.json"),
        "filename": ("site.css", "../library.py", "search.js"),
    }
    if chance.random() < 0.8 and name in likely:
        return chance.choice(likely[name]).encode()
    return quote_from_bytes(chance.choice(NASTY)[:200], safe="").encode()


def _send(site: Site, request: dict[str, Any], outcome: Outcome) -> int:
    """Send a request and look at its answer; the status, 0 for none."""
    about = f"{request['method']} {request['address'][:150]} {request['headers']} {request['body'][:80]!r}"
    try:
        with closing(http.client.HTTPConnection(site.host, site.port, timeout=60)) as connection:
            connection.putrequest(
                request["method"], request["address"], skip_host="Host" in request["headers"]
            )
            for name, value in request["headers"].items():
                connection.putheader(name, value.encode("latin-1"))
            connection.putheader("Content-Length", str(len(request["body"])))
            connection.endheaders(request["body"])
            answer = connection.getresponse()
            content = answer.read()
    except (http.client.HTTPException, OSError, ValueError) as error:
        if isinstance(error, http.client.InvalidURL | ValueError):
            return 0  # this client refuses to send it
        outcome.wrong.append(f"no answer ({type(error).__name__}) to {about}")
        return 0
    if answer.status >= 500:
        is_told = answer.status == 503 and answer.getheader("Retry-After") and len(content) > 20
        outcome.must(bool(is_told), f"{answer.status} to {about}")
    outcome.must(b"Traceback (most recent" not in content, f"a traceback to {about}")
    if (
        answer.getheader("Content-Type") == "application/json"
        and content
        and not answer.getheader("Content-Encoding")
    ):
        try:
            json.loads(content)
        except ValueError:
            outcome.wrong.append(f"JSON that is none to {about}")
    outcome.must(b"Set-Cookie: x=y" not in str(answer.headers).encode(), f"a header was put in by {about}")
    return answer.status
