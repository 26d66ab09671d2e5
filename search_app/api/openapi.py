"""The OpenAPI 3.1 description of the API, made from what the routes themselves use.

Parameters come from the declarations that read them, and schemas of answers from the return types of the
functions that make them. So the description cannot say what the API does not do.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import (
    Any,
    Literal,
    NotRequired,
    Required,
    TypedDict,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from search_app.web.parameters import Parameter

Schema = dict[str, object]

_SIMPLE: Mapping[object, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}

_ERRORS: Mapping[int, str] = {
    400: "A parameter has a value that cannot be used; the message names it.",
    404: "The archive has no such document or page.",
    410: "The document has been withdrawn; the message says why.",
    413: "What was sent is too large.",
    414: "The address is longer than the server takes; send long texts by POST, or shorter ones.",
    415: "The body of the request is neither JSON nor a form.",
    429: "Too many such requests came from one address within a minute; Retry-After says when to go on.",
    503: "The index or the catalogue is not available; try again.",
}


class ErrorDetailJson(TypedDict):
    """What went wrong."""

    code: str
    message: str
    hint: str


class ErrorJson(TypedDict):
    """The one shape of every error."""

    error: ErrorDetailJson


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that programs can ask."""

    path: str
    """Below the API's root, with the names of path parameters in braces."""
    name: str
    summary: str
    answer: Callable[..., Any]
    """The view; its keyword arguments are the path parameters."""
    response: type | None
    """The type of the JSON that is returned; None for the description itself."""
    parameters: tuple[Parameter, ...] = ()
    """The parameters of the query string."""
    path_parameters: tuple[Parameter, ...] = ()
    accepts_post: bool = False
    """Whether the parameters may be sent as a form or as JSON, for texts too long for an address."""
    errors: tuple[int, ...] = ()
    together: str = ""
    """Combinations of valid parameters that are refused, which a schema of parameters cannot express."""

    @property
    def rule(self) -> str:
        """The path as Flask writes it."""
        converters = {
            parameter.name: "int:" if parameter.schema.get("type") == "integer" else ""
            for parameter in self.path_parameters
        }
        return re.sub(r"\{(\w+)\}", lambda match: f"<{converters[match[1]]}{match[1]}>", self.path)


def describe(operations: Iterable[Operation], server: str, version: str) -> Schema:
    """The OpenAPI document for `operations` served at `server`."""
    schemas: dict[str, Schema] = {}
    paths: dict[str, Schema] = {}
    for operation in operations:
        responses = _responses(operation, schemas)
        item: Schema = {"get": _method(operation, responses)}
        if operation.accepts_post:
            item["post"] = _method_with_body(operation, responses)
        paths[operation.path] = item
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Terugblik",
            "version": version,
            "summary": "Search and quote the socio-economic plans of the Brussels-Capital Region.",
            "description": (
                "Everything can be read without a key, from any web page. Sizes and boxes are in PDF points, "
                "origin at the top left of the page as displayed. Lists tell of further pages in the header "
                "Link (RFC 8288). The text of a document is in its own language; all else is in English, "
                "errors too. An empty parameter is one that was not given. Addresses longer than the server "
                "takes (8 kB and more) are refused with 414 or 431: send long texts by POST."
            ),
        },
        "servers": [{"url": server}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def schema_of(kind: Any, schemas: dict[str, Schema]) -> Schema:
    """The JSON schema of a type; typed dictionaries are put in `schemas` and referred to."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_typeddict(kind):
        name = kind.__name__.removesuffix("Json")
        if name not in schemas:
            schemas[name] = {}
            schemas[name].update(_object(kind, schemas))
        return {"$ref": f"#/components/schemas/{name}"}
    if origin in (NotRequired, Required):
        return schema_of(arguments[0], schemas)
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)}
    if origin in (Union, UnionType):
        return {"anyOf": [schema_of(argument, schemas) for argument in arguments]}
    if origin is list:
        return {"type": "array", "items": schema_of(arguments[0], schemas)}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(arguments[1], schemas)}
    if kind is NoneType:
        return {"type": "null"}
    return {"type": _SIMPLE[kind]}


def _object(kind: Any, schemas: dict[str, Schema]) -> Schema:
    hints = get_type_hints(kind, include_extras=True)
    return {
        "type": "object",
        "description": kind.__doc__,
        "properties": {name: schema_of(hint, schemas) for name, hint in hints.items()},
        "required": sorted(kind.__required_keys__),
    }


def _method(operation: Operation, responses: Schema) -> Schema:
    parameters = [_parameter(parameter, "path") for parameter in operation.path_parameters]
    parameters += [_parameter(parameter, "query") for parameter in operation.parameters]
    return {
        "operationId": operation.name,
        **_summary(operation),
        "parameters": parameters,
        "responses": responses,
    }


def _method_with_body(operation: Operation, responses: Schema) -> Schema:
    body: Schema = {
        "type": "object",
        "properties": {parameter.name: parameter.schema for parameter in operation.parameters},
        "additionalProperties": False,
    }
    kinds: Sequence[str] = ("application/json", "application/x-www-form-urlencoded")
    return {
        "operationId": f"{operation.name}_by_post",
        **_summary(operation),
        "parameters": [_parameter(parameter, "path") for parameter in operation.path_parameters],
        "requestBody": {"required": False, "content": {kind: {"schema": body} for kind in kinds}},
        "responses": responses,
    }


def _summary(operation: Operation) -> Schema:
    more: Schema = {"description": operation.together} if operation.together else {}
    return {"summary": operation.summary, **more}


def _parameter(parameter: Parameter, place: str) -> Schema:
    # The schemas of other parameters allow the empty text themselves.
    is_number = place == "query" and parameter.schema["type"] == "integer"
    empty: Schema = {"allowEmptyValue": True} if is_number else {}
    return {
        "name": parameter.name,
        "in": place,
        "required": place == "path" or "minItems" in parameter.schema,
        "description": parameter.purpose,
        "schema": parameter.schema,
        **empty,
    }


def _responses(operation: Operation, schemas: dict[str, Schema]) -> Schema:
    shape = schema_of(operation.response, schemas) if operation.response else {"type": "object"}
    error = schema_of(ErrorJson, schemas)
    responses: Schema = {"200": {"description": "Found.", "content": {"application/json": {"schema": shape}}}}
    if operation.parameters:
        responses["431"] = {"description": "The address is longer than the server reads at all."}
    of_long_addresses = (414,) if operation.parameters else ()
    for status in sorted({*operation.errors, *of_long_addresses}):
        responses[str(status)] = {
            "description": _ERRORS[status],
            "content": {"application/json": {"schema": error}},
        }
    return responses
