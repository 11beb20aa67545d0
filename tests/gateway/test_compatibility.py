"""What would break callers of the last release is refused; what adds to it passes."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from gateway.compatibility import accepted, breaks, released
from tests.gateway.conformity import DOCUMENTED

Document = dict[str, Any]
Change = Callable[[Document], object]

LEAD = {
    "type": "object",
    "required": ["lead_id", "state"],
    "properties": {
        "lead_id": {"type": "string"},
        "state": {"type": "string", "enum": ["new", "dropped"]},
        "note": {"type": ["string", "null"]},
        "contacts": {"type": "array", "items": {"$ref": "#/components/schemas/Contact"}},
    },
}
CONTACT = {
    "type": "object",
    "properties": {
        "at": {"type": "string", "format": "date-time"},
        "again": {"$ref": "#/components/schemas/Contact"},
    },
}
NEW_LEAD = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "maxLength": 100, "minLength": 1, "pattern": "^.*$"},
        "source": {"type": "string", "enum": ["campaign", "referral"]},
        "amount": {"type": ["integer", "null"], "minimum": 1},
        "items": {"type": "array", "items": {"type": "string"}, "maxItems": 5},
    },
}
PARAMETERS = [
    {"in": "path", "name": "team_id", "required": True, "schema": {"type": "string"}},
    {"in": "query", "name": "limit", "schema": {"type": "integer", "maximum": 200}},
]


def content(name: str, kind: str = "application/json") -> Document:
    return {"content": {kind: {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


@pytest.fixture
def document() -> Document:
    answers = {"201": content("Lead"), "404": {"$ref": "#/components/responses/Refused404"}}
    post = {"parameters": PARAMETERS, "requestBody": content("NewLead"), "responses": answers}
    made = {
        "paths": {"/teams/{team_id}/leads": {"post": post, "get": {"responses": {}}}},
        "components": {
            "schemas": {
                "Lead": LEAD,
                "Contact": CONTACT,
                "NewLead": NEW_LEAD,
                "Problem": {"type": "object", "properties": {"code": {"type": "string"}}},
            },
            "responses": {"Refused404": content("Problem", "application/problem+json")},
        },
    }
    return deepcopy(made)


def post(document: Document) -> Document:
    operation: Document = document["paths"]["/teams/{team_id}/leads"]["post"]
    return operation


def schema(document: Document, name: str) -> Document:
    found: Document = document["components"]["schemas"][name]
    return found


def told(document: Document) -> Document:
    properties: Document = schema(document, "Lead")["properties"]
    return properties


def taken(document: Document) -> Document:
    properties: Document = schema(document, "NewLead")["properties"]
    return properties


BREAKING: dict[str, Change] = {
    "is gone": lambda d: d["paths"].clear(),
    "GET /teams/{team_id}/leads: is gone": lambda d: d["paths"]["/teams/{team_id}/leads"].pop(
        "get"
    ),
    "answer 201 is gone": lambda d: post(d)["responses"].pop("201"),
    "answer 201: application/json is gone": lambda d: post(d)["responses"].update(
        {"201": content("Lead", "text/plain")}
    ),
    "answer 201.note is gone": lambda d: told(d).pop("note"),
    "answer 201.state: the value dropped is gone": lambda d: told(d)["state"]["enum"].remove(
        "dropped"
    ),
    "answer 201.state is not always told": lambda d: schema(d, "Lead")["required"].remove("state"),
    "answer 201.lead_id: string became integer": lambda d: told(d)["lead_id"].update(
        type="integer"
    ),
    "answer 201.lead_id: string became null or string": lambda d: told(d)["lead_id"].update(
        type=["string", "null"]
    ),
    "answer 201.contacts[].at is gone": lambda d: schema(d, "Contact")["properties"].pop("at"),
    "answer 201.contacts[].at: another format": lambda d: schema(d, "Contact")["properties"][
        "at"
    ].update(format="date"),
    "answer 404.code is gone": lambda d: schema(d, "Problem")["properties"].pop("code"),
    "query parameter limit is gone": lambda d: post(d)["parameters"].pop(),
    "query parameter limit is required now": lambda d: post(d)["parameters"][1].update(
        required=True
    ),
    "query parameter size is required now": lambda d: post(d)["parameters"].append(
        {"in": "query", "name": "size", "required": True, "schema": {}}
    ),
    "query parameter limit: a smaller maximum": lambda d: post(d)["parameters"][1]["schema"].update(
        maximum=100
    ),
    "takes no body any more": lambda d: post(d).pop("requestBody"),
    "a body is required now": lambda d: post(d)["requestBody"].update(required=True),
    "body.source is gone": lambda d: taken(d).pop("source"),
    "body.source is required now": lambda d: schema(d, "NewLead")["required"].append("source"),
    "body.source: the value campaign is gone": lambda d: taken(d)["source"]["enum"].remove(
        "campaign"
    ),
    "body.name: takes only some values now": lambda d: taken(d)["name"].update(enum=["a"]),
    "body.name: a smaller maxLength": lambda d: taken(d)["name"].update(maxLength=50),
    "body.name: a larger minLength": lambda d: taken(d)["name"].update(minLength=2),
    "body.name: another pattern": lambda d: taken(d)["name"].update(pattern="^a*$"),
    "body.amount: a larger minimum": lambda d: taken(d)["amount"].update(minimum=2),
    "body.amount: integer or null became integer": lambda d: taken(d)["amount"].update(
        type="integer"
    ),
    "body.items: a smaller maxItems": lambda d: taken(d)["items"].update(maxItems=4),
    "body.items[]: string became integer": lambda d: taken(d)["items"]["items"].update(
        type="integer"
    ),
    "body.name: other alternatives": lambda d: taken(d)["name"].update(anyOf=[{}, {}]),
}

ADDING: dict[str, Change] = {
    "a path": lambda d: d["paths"].update({"/new": {"get": {}}}),
    "a method": lambda d: d["paths"]["/teams/{team_id}/leads"].update(put={}),
    "a refusal": lambda d: post(d)["responses"].update({"429": {}}),
    "a refusal less": lambda d: post(d)["responses"].pop("404"),
    "another content": lambda d: post(d)["responses"]["201"]["content"].update({"text/csv": {}}),
    "a parameter": lambda d: post(d)["parameters"].append(
        {"in": "query", "name": "fields", "schema": {"type": "string"}}
    ),
    "a field that is told": lambda d: told(d).update(more={"type": "string"}),
    "a field that may be taken": lambda d: taken(d).update(more={"type": "string"}),
    "a value that is told": lambda d: told(d)["state"]["enum"].append("won"),
    "a value that is taken": lambda d: taken(d)["source"]["enum"].append("walk_in"),
    "wider bounds": lambda d: taken(d)["name"].update(maxLength=200, minLength=0),
    "a wider type": lambda d: taken(d)["amount"].update(type=["number", "null"]),
    "a field always told": lambda d: schema(d, "Lead")["required"].append("note"),
    "a field never null": lambda d: told(d)["note"].update(type="string"),
    "a field not needed": lambda d: schema(d, "NewLead")["required"].clear(),
    "words": lambda d: post(d).update(summary="Another"),
}


@pytest.mark.parametrize("said", BREAKING)
def test_what_would_break_callers_is_refused(said: str, document: Document) -> None:
    changed = deepcopy(document)
    BREAKING[said](changed)

    found = breaks(document, changed)

    assert [one for one in found if one.endswith(said)], found


@pytest.mark.parametrize("what", ADDING)
def test_what_adds_to_it_passes(what: str, document: Document) -> None:
    changed = deepcopy(document)
    ADDING[what](changed)

    assert changed != document
    assert breaks(document, changed) == []


def test_the_document_keeps_what_the_last_release_promised() -> None:
    unaccepted = set(breaks(released(), DOCUMENTED)) - accepted().keys()

    assert unaccepted == set()


def test_nothing_is_accepted_that_does_not_happen() -> None:
    assert accepted().keys() <= set(breaks(released(), DOCUMENTED))
    assert all(accepted().values())
