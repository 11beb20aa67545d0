"""What CustomerService does not accept, and the field it names."""

from typing import Any

import pytest

from chassis.errors import Forbidden, Invalid, NotFound, Refusal
from tests.calling import refusal
from tests.customer.integration.calling import Client, kyc


@pytest.mark.parametrize(
    ("method", "fields", "kind", "field"),
    [
        ("GetCustomer", {"customer_id": "c-404"}, NotFound, ""),
        ("GetCustomer", {}, Invalid, "customer_id"),
        ("ListHoldings", {"customer_id": "c-404"}, NotFound, ""),
        ("ListTransactions", {"customer_id": "c-404"}, NotFound, ""),
        ("ListCustomers", {"sort": "name"}, Invalid, "sort"),
        ("ListCustomers", {"limit": 201}, Invalid, "limit"),
        ("ListCustomers", {"cursor": "made up"}, Invalid, "cursor"),
        ("GetImport", {"import_id": "i-404"}, NotFound, ""),
        ("ListImportRejections", {"import_id": "i-404"}, NotFound, ""),
    ],
)
def test_a_question_that_cannot_be_answered(
    client: Client, method: str, fields: dict[str, Any], kind: type[Refusal], field: str
) -> None:
    refused = refusal(lambda: client.call(method, **fields))

    assert (type(refused), refused.field) == (kind, field)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "12345"}, "name"),
        ({"phone": "1"}, "phone"),
        ({"source": "spam"}, "source"),
        ({"customer_id": "c 1"}, "customer_id"),
    ],
)
def test_a_prospect_that_cannot_be_read(
    client: Client, changed: dict[str, str], field: str
) -> None:
    asked = {"name": "林安达", "phone": "13800138000", "source": "walk_in", **changed}

    refused = refusal(lambda: client.call("RegisterProspect", **asked))

    assert (type(refused), refused.field) == (Invalid, field)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "?"),
        ("identity_number", "110"),
        ("identity_number", "440305196107305313"),
        ("identity_kind", "passport"),
        ("phone", "12345678901"),
        ("address", " "),
        ("consents", ["all"]),
        ("tax_residences", ["China"]),
    ],
)
def test_a_kyc_that_cannot_be_read(client: Client, field: str, value: object) -> None:
    refused = refusal(lambda: client.call("SubmitKyc", **kyc("c-1", **{field: value})))

    assert (type(refused), refused.field) == (Invalid, field)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("born_on", "30.07.1961"),
        ("born_on", "1899-12-31"),
        ("kind", "alien"),
        ("financial_assets", "lots"),
        ("net_assets", "-1"),
        ("net_assets", "1000000000000"),
        ("average_income_3y", "0.001"),
        ("investing_years", "1.5"),
        ("relevant_work_years", "999"),
        ("capacity", "some"),
        ("guardian_consent", "yes"),
        ("as_of", "today"),
    ],
)
def test_facts_that_cannot_be_read(client: Client, field: str, value: str) -> None:
    refused = refusal(lambda: client.call("UpdateFacts", customer_id="c-1", facts={field: value}))

    assert (type(refused), refused.field) == (Invalid, field)


def test_a_file_is_neither_empty_nor_too_large_and_comes_from_who_may(client: Client) -> None:
    empty = refusal(lambda: client.upload(b""))
    large = refusal(lambda: client.upload(bytes(200_001), piece=100_000))
    forbidden = refusal(lambda: client.upload(b"x", by="adviser"))

    assert (empty.code, large.code, forbidden.code) == (
        "empty_file",
        "file_too_large",
        "may_not_import",
    )
    assert isinstance(forbidden, Forbidden)
