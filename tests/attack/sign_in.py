"""The archivist's door: guessing is slowed down, forms of other sites do nothing, sessions end."""

import httpx

from tests.attack.ground import ARCHIVIST, PASSWORD, Ground, Outcome, Patient, Site, hidden_fields

_GUESSES = 40
_FORMS = ("describe", "date", "withdraw", "restore", "read", "page/1", "page/1/uncorrect", "page/1/ocr")


def attack(ground: Ground, seconds: float) -> Outcome:
    """Send forms without a token and from elsewhere; use a session that has ended; guess passwords."""
    outcome = Outcome(what="forms from elsewhere, dead sessions, guesses")
    patient = ground.patient()
    before = patient.answer("list")
    with patient.serve() as site:
        _forms_from_elsewhere(site, patient, outcome)
        _dead_session(site, outcome)
        refused = _guesses(site, outcome)
        outcome.must(not site.tracebacks(), f"tracebacks in the log: {site.tracebacks()[-2:]}")
    outcome.must(patient.answer("list") == before, "forms from elsewhere have changed documents")
    outcome.seen = f"guesses are refused after {refused}; nothing was changed"
    patient.judge(outcome, "knocking at the desk")
    ground.discard(patient)
    return outcome


def _forms_from_elsewhere(site: Site, patient: Patient, outcome: Outcome) -> None:
    client, token = site.signed_in()
    document = sorted(patient.added)[0]
    addresses = [f"/nl/archivist/document/{document}/{form}" for form in _FORMS]
    for address in (*addresses, "/nl/archivist/add", "/nl/archivist/sign-out"):
        for fields in (
            {},
            {"token": "x", "csrf_token": "x"},
            {"token": token[:-1], "csrf_token": token[:-1]},
        ):
            answer = client.post(address, data={**fields, "reason": "attack", "title": "attack"})
            outcome.done += 1
            is_refused = answer.status_code in (400, 403, 404, 405)
            outcome.must(is_refused, f"{address} without its token: {answer.status_code}")
        stranger = httpx.post(f"{site.url}{address}", data={"token": token, "csrf_token": token}, timeout=60)
        outcome.done += 1
        outcome.must(
            stranger.status_code in (302, 303, 400, 403, 404, 405), f"{address}: {stranger.status_code}"
        )
        if stranger.status_code in (302, 303):
            outcome.must("sign-in" in stranger.headers["Location"], f"{address} let a stranger in")
    client.close()


def _dead_session(site: Site, outcome: Outcome) -> None:
    """A cookie that was copied before signing out opens nothing afterwards."""
    client, token = site.signed_in()
    stolen = dict(client.cookies)
    client.post("/nl/archivist/sign-out", data={"token": token, "csrf_token": token})
    client.close()
    with httpx.Client(base_url=site.url, cookies=stolen, timeout=60) as thief:
        answer = thief.get("/nl/archivist/")
        outcome.done += 1
        outcome.must(answer.status_code in (302, 303, 401, 403), "a session goes on after signing out")


def _guesses(site: Site, outcome: Outcome) -> int:
    """How many guesses were answered before they were refused."""
    with httpx.Client(base_url=site.url, timeout=60) as client:
        for guess in range(_GUESSES):
            fields = hidden_fields(client.get("/nl/archivist/sign-in").text)
            sent = {**fields, "name": ARCHIVIST, "password": f"guess {guess}"}
            answer = client.post("/nl/archivist/sign-in", data=sent)
            outcome.done += 1
            outcome.must(answer.status_code in (403, 429), f"a wrong password: {answer.status_code}")
            if answer.status_code == 429:
                outcome.must("Retry-After" in answer.headers, "429 without Retry-After")
                fields = hidden_fields(client.get("/nl/archivist/sign-in").text)
                right = {**fields, "name": ARCHIVIST, "password": PASSWORD}
                again = client.post("/nl/archivist/sign-in", data=right)
                outcome.must(again.status_code == 429, f"after many guesses: {again.status_code}")
                return guess
    outcome.wrong.append(f"{_GUESSES} guesses were answered")
    return _GUESSES
