"""The committed OpenAPI document says what the gateway does."""

import json

import httpx
from starlette.routing import Route

from gateway import reference
from gateway.app import api_routes
from gateway.document import DOCUMENT, rendered
from gateway.routes import OPERATIONS, TAGS
from tests.gateway.conformity import DOCUMENTED

VIEWER = "/docs/viewer/"
OWN = "/docs/own/docs.js"


def test_the_committed_document_is_up_to_date() -> None:
    assert DOCUMENT.read_bytes() == rendered(), "run python -m gateway openapi"


def test_the_table_of_addresses_is_up_to_date() -> None:
    page = reference.PAGE.read_text(encoding="utf-8")

    assert page == reference.rewritten(page), "run python -m gateway openapi"


def test_every_route_is_documented_and_nothing_else() -> None:
    served = {
        (method, route.path)
        for route in api_routes()
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }
    documented = {
        (method.upper(), f"/v1{path}")
        for path, methods in DOCUMENTED["paths"].items()
        for method in methods
    }

    assert served == documented


def test_operations_have_names_of_their_own_and_a_known_tag() -> None:
    names = [operation.name for operation in OPERATIONS]

    assert len(names) == len(set(names))
    assert {operation.tag for operation in OPERATIONS} == set(TAGS)


def test_operations_are_told_in_both_languages() -> None:
    for operation in OPERATIONS:
        assert str(operation.summary).isascii() or "°" in operation.summary
        assert not operation.summary.zh.isascii()


def test_the_document_is_served_to_everybody(http: httpx.Client) -> None:
    answer = http.get("/v1/openapi.json")

    assert answer.json() == json.loads(DOCUMENT.read_bytes())
    assert answer.json()["openapi"] == "3.1.0"


def test_the_page_needs_nothing_from_elsewhere(http: httpx.Client) -> None:
    page = http.get("/docs")

    assert page.status_code == 200
    assert "//" not in page.text.replace("<!doctype", "")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for asset in (VIEWER + "swagger-ui-bundle.js", VIEWER + "swagger-ui.css", OWN):
        assert http.get(asset).status_code == 200
        assert asset in page.text
