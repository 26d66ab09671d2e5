"""Words of a withdrawn document are nowhere from the moment on, before anything was cleared away."""

from urllib.parse import quote

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from archive.catalogue.catalogue import Catalogue
from archive.settings import read
from search_app import create_app
from tests.attack.ground import Ground, Outcome
from tests.material.pdf_files import FR, NL, text_pdf

_SECRET, _NEARLY = "zilvermeeuwen", "zilvermeeuwes"
"""A word of the document that is withdrawn and of no other, also not of its title, which readers are told;
and one a typo away: what is asked comes back in answers, what is suggested must not be the word."""


def attack(ground: Ground, seconds: float) -> Outcome:
    """Ask every address for it, with the worker at rest, so that the index still holds all of its words."""
    outcome = Outcome(what="addresses asked for words of a withdrawn document")
    patient = ground.patient()
    app = create_app(read({"TERUGBLIK_DATA": str(patient.data)}))
    catalogue: Catalogue = app.extensions["library"].catalogue
    file = ground.folder / "Vogels.pdf"
    file.write_bytes(text_pdf([["Vogels in de stad", NL], [f"De {_SECRET} vliegen over de stad.", NL, FR]]))
    patient.run("add", file)
    (hit,) = patient.answer("search", _SECRET)["hits"]
    document = hit["document"]
    client = app.test_client()
    asked = _addresses(app, document)
    shown_before = next((one for one in asked if _SECRET.casefold() in _shown(client.get(one))), "")
    outcome.must(bool(shown_before), "the word was nowhere before")
    catalogue.withdraw(document, "a better one is held", "attack")
    for address in asked:
        answer = client.get(address)
        outcome.done += 1
        outcome.must(
            _SECRET.casefold() not in _shown(answer), f"{answer.status_code} {address} shows the word"
        )
        outcome.must(answer.status_code < 500, f"{answer.status_code} {address}")
    for query in (_SECRET, f'"{_SECRET} vliegen"', f"{_SECRET[:5]}*"):
        found = client.get(f"/api/v1/search?q={quote(query)}").get_json()
        outcome.done += 1
        outcome.must(found["total"] == 0 and not found["hits"], f"{query} has {found['total']} hits")
        outcome.must(not any(found["facets"].values()), f"{query} counts {found['facets']}")
    catalogue.close()
    for arguments in (["search", _NEARLY], ["search", _SECRET, "--json"]):
        said = patient.run(*arguments)
        outcome.must(document not in said.stdout + said.stderr, f"{arguments} names the document")
    outcome.seen = f"the word is on none of them; before, it was on {shown_before}"
    patient.judge(outcome, "withdrawing")
    ground.discard(patient)
    return outcome


def _shown(answer: TestResponse) -> str:
    return answer.get_data().decode("utf-8", "replace").casefold()


def _addresses(app: Flask, document: str) -> list[str]:
    """Every rule that can be asked, for this document and for a word that is nearly its own."""
    values = {
        "interface": "nl",
        "identifier": document,
        "other": document,
        "number": 1,
        "filename": "site.css",
    }
    asked = f"q={_NEARLY}&term={_NEARLY}&text={quote('de regering en ' + _NEARLY)}"
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        for ending in _endings(rule):
            filled = {name: {**values, "ending": ending}[name] for name in rule.arguments}
            address = adapter.build(rule.endpoint, filled, method="GET")
            found += [
                address,
                *(f"{address}?{one}" for one in asked.split("&")),
                f"{address}?q=werkgelegenheid",
            ]
    return found


def _endings(rule: Rule) -> list[str]:
    if "ending" not in rule.arguments:
        return [""]
    converter = rule._converters["ending"]
    return sorted(str(one) for one in getattr(converter, "items", None) or ["csv"])
