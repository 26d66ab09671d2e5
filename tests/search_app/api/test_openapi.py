"""The description of the API: a valid OpenAPI document, and true of what the API does."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from archive.records import Document
from archive.version import VERSION
from search_app import create_app
from search_app.api.api_views import ROOT
from tests.material.parallel_texts import fill_parallel
from tests.surroundings.reading_room import ReadingRoom, fill


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    yield room
    room.close()


@pytest.fixture(scope="module")
def held(room: ReadingRoom) -> dict[str, Document]:
    return fill(room) | fill_parallel(room)


@pytest.fixture(scope="module")
def client(room: ReadingRoom, held: dict[str, Document]) -> FlaskClient:
    return create_app(room.settings).test_client()


@pytest.fixture(scope="module")
def description(client: FlaskClient) -> dict[str, Any]:
    body: dict[str, Any] = client.get(f"{ROOT}/openapi.json").get_json()
    return body


def test_it_is_valid_openapi(description: dict[str, Any]) -> None:
    from openapi_spec_validator import OpenAPIV31SpecValidator  # half a second in each process that collects

    assert description["openapi"] == "3.1.0"
    assert description["info"]["version"] == VERSION
    assert [error.message for error in OpenAPIV31SpecValidator(description).iter_errors()] == []


def test_it_names_every_route_and_method_of_the_api(client: FlaskClient, description: dict[str, Any]) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule).removeprefix(ROOT), method.lower())
        for rule in client.application.url_map.iter_rules()
        if rule.rule.startswith(ROOT)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, item in description["paths"].items() for method in item}
    assert described == routes


def answers(held: dict[str, Document]) -> dict[str, list[str]]:
    """For each path, addresses that answer, which between them fill every field."""
    pact, speech, strategy = held["pact_fr"].id, held["speech"].id, held["strategy"].id
    return {
        "/search": ["/search?q=emploi", "/search?q=emploi~+year:2011", "/search?q=zzzz"],
        "/documents": ["/documents", "/documents?kind=speech"],
        "/documents/{identifier}": [f"/documents/{pact}", f"/documents/{speech}"],
        "/documents/{identifier}/pages/{number}": [
            f"/documents/{pact}/pages/{number}" for number in (1, 3, 4)
        ],
        "/documents/{identifier}/pages/{number}/parallel": [
            f"/documents/{held['plan_nl'].id}/pages/1/parallel?q=werkgelegenheid",
            f"/documents/{held['plan_nl'].id}/pages/3/parallel",
            f"/documents/{speech}/pages/1/parallel",
            f"/documents/{held['scan'].id}/pages/1/parallel",
        ],
        "/counterparts": [
            "/counterparts",
            "/counterparts?q=werkgelegenheid",
            "/counterparts?q=zzzz",
            f"/counterparts?q=emploi&document={held['plan_fr'].id}&with={held['plan_nl'].id}",
        ],
        "/trends": [
            "/trends?term=emploi&term=werkgelegenheid&in=fr",
            "/trends?term=emploi&by=plan&year=none",
            "/trends?term=zzzz",
        ],
        "/documents/{identifier}/versions": [f"/documents/{pact}/versions"],
        "/documents/{identifier}/versions/{other}": [
            f"/documents/{pact}/versions/{strategy}{more}"
            for more in ("", "?show=new&per_page=2", "?language=fr")
        ],
        "/quote": [
            "/quote?text=Le+pacte+de+l'emploi",
            "/quote?text=partenaires+sociales+de+Bruxelles",
            "/quote?text=zz",
        ],
        "/openapi.json": ["/openapi.json"],
    }


def test_answers_are_as_described(
    client: FlaskClient, description: dict[str, Any], held: dict[str, Document]
) -> None:
    asked = answers(held)
    assert set(asked) == set(description["paths"])
    for path, addresses in asked.items():
        schema = description["paths"][path]["get"]["responses"]["200"]["content"]["application/json"][
            "schema"
        ]
        validator = Draft202012Validator({**closed(schema), "components": closed(description["components"])})
        for address in addresses:
            answer = client.get(f"{ROOT}{address}")
            assert answer.status_code == 200, address
            assert [error.message for error in validator.iter_errors(answer.get_json())] == [], address


def closed(schema: Any) -> Any:
    """The schema with every object closed: an answer may hold nothing that is not described."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(value) for name, value in schema.items()}
    if "properties" in schema and schema.get("type") == "object":
        inner["additionalProperties"] = False
    return inner


def test_every_described_value_is_accepted_and_the_next_one_refused(
    client: FlaskClient, description: dict[str, Any]
) -> None:
    """Bounds and choices are those that the routes keep."""
    tried = 0
    for path in ("/search", "/documents"):
        for parameter in description["paths"][path]["get"]["parameters"]:
            good, bad = edges(parameter["schema"])
            for value in [*good, ""] if parameter.get("allowEmptyValue") else good:
                answer = client.get(f"{ROOT}{path}", query_string={parameter["name"]: value})
                assert answer.status_code == 200, (path, parameter["name"], value)
            for value in bad:
                answer = client.get(f"{ROOT}{path}", query_string={parameter["name"]: value})
                assert answer.status_code == 400, (path, parameter["name"], value)
                tried += 1
            assert "" in good or parameter.get("allowEmptyValue"), "browsers send the empty fields of a form"
    assert tried > 20


def edges(schema: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """Values just inside and just outside a schema of the kinds that parameters use."""
    if schema["type"] == "integer":
        low, high = schema["minimum"], schema["maximum"]
        return [low, high, schema["default"]], [low - 1, high + 1, "x"]
    if schema["type"] == "array":
        good, bad = edges(schema["items"])
        return [*good, ",".join(good)], bad
    if "enum" in schema:
        return list(schema["enum"]), ["none-of-these"]
    if "pattern" in schema:
        pool = ["", "2011", "2011-2020", "0123456789abcdef", "0123", "abc", "2011-20"]
        good = [value for value in pool if re.search(schema["pattern"], value)]
        return good, [value for value in pool if value not in good]
    return ["", "emploi"], ["x" * (schema["maxLength"] + 1)]


@pytest.mark.parametrize(
    "year", ["2011", " 2011 - 2020\t", "2011–2020", "\f", "", "none", "0123", "20111", "2011-"]
)
def test_a_year_is_described_as_it_is_accepted(
    client: FlaskClient, description: dict[str, Any], year: str
) -> None:
    parameters = description["paths"]["/documents"]["get"]["parameters"]
    (pattern,) = (each["schema"]["pattern"] for each in parameters if each["name"] == "year")
    answer = client.get(f"{ROOT}/documents", query_string={"year": year})
    assert answer.status_code == (200 if re.search(pattern, year) else 400)


def test_errors_are_as_described(client: FlaskClient, description: dict[str, Any]) -> None:
    validator = Draft202012Validator(
        {"$ref": "#/components/schemas/Error", "components": closed(description["components"])}
    )
    for address in ("/search?year=x", "/documents/0000000000000000", "/nowhere"):
        assert [
            error.message for error in validator.iter_errors(client.get(f"{ROOT}{address}").get_json())
        ] == []
