"""What callers are shown of customers who are theirs, and of those who are not."""

from functools import partial
from typing import Any

import pytest

from chassis.errors import Conflict, NotFound
from chassis.identity import Caller
from services.customer.domain.staff import Assignment
from tests.calling import refusal, staff
from tests.customer.integration.calling import Client, kyc, named
from tests.customer.unit.books import identity
from tests.customer.unit.people import WANG

OTHER = staff("s-other", "adviser", team_id="t-shanghai", branch_id="b-shanghai")
COLLEAGUE = staff("s-colleague", "adviser", team_id=WANG.team_id, branch_id=WANG.branch_id)
LEADER_ELSEWHERE = staff("s-l", "team_leader", team_id="t-x", branch_id=WANG.branch_id)
MANAGER_ELSEWHERE = staff("s-m", "branch_manager", branch_id="b-shanghai")
STRANGERS = [OTHER, COLLEAGUE, LEADER_ELSEWHERE, MANAGER_ELSEWHERE, "administrator"]
PROSPECT = {"name": "钱一", "phone": "13700137000", "source": "walk_in"}


@pytest.mark.parametrize("by", STRANGERS, ids=named)
@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("GetCustomer", {}),
        ("ListHoldings", {}),
        ("ListTransactions", {}),
        ("SubmitKyc", kyc("")),
        ("ApproveKyc", {}),
        ("RejectKyc", {"reason": "blurred"}),
        ("UpdateFacts", {"facts": {"investing_years": "9"}}),
        ("UnmaskCustomer", {"fields": ["phone"], "purpose": "contact"}),
    ],
)
def test_a_client_of_somebody_else_does_not_exist(
    filled: Client, by: str | Caller, method: str, fields: dict[str, Any]
) -> None:
    theirs = filled.customer("K1").customer_id

    there = refusal(lambda: filled.call(method, by, **{**fields, "customer_id": theirs}))
    nowhere = refusal(lambda: filled.call(method, by, **{**fields, "customer_id": "c-404"}))

    assert isinstance(there, NotFound)
    assert vars(there) == vars(nowhere)


@pytest.mark.parametrize(
    ("by", "numbers"),
    [
        ("adviser", ["K1", "K2"]),
        ("team_leader", ["K1", "K2"]),
        ("branch_manager", ["K1", "K2"]),
        ("auditor", ["K1", "K2"]),
        *((stranger, []) for stranger in STRANGERS),
    ],
    ids=named,
)
def test_lists_hold_what_the_reach_of_a_role_covers(
    filled: Client, by: str | Caller, numbers: list[str]
) -> None:
    for wanted in ({}, {"adviser_id": "s-adviser"}, {"team_id": WANG.team_id}, {"sort": "-aum"}):
        listed = filled.call("ListCustomers", by, **wanted)

        assert sorted(each.customer_no for each in listed.customers) == numbers
        assert listed.next_cursor == ""


def test_a_prospect_is_seen_by_who_registered_them_and_by_leaders(client: Client) -> None:
    client.call("RegisterProspect", COLLEAGUE, customer_id="c-1", **PROSPECT)

    for by in (COLLEAGUE, "team_leader", "branch_manager", "operations"):
        assert client.call("GetCustomer", by, customer_id="c-1").customer.phone == "137****7000"
    assert isinstance(refusal(lambda: client.call("GetCustomer", customer_id="c-1")), NotFound)


def test_of_a_relative_out_of_scope_only_the_relation_is_shown(filled: Client) -> None:
    child = filled.customer("K2").customer_id
    filled.entrust(child, Assignment("s-other", "t-shanghai", "b-shanghai"))

    (shown,) = filled.call("GetCustomer", customer_id=filled.customer("K1").customer_id).family

    assert shown.relation == "child"
    assert (shown.customer_id, shown.customer_no, shown.name) == ("", "", "")


@pytest.mark.parametrize("by", ["management", "auditor"])
def test_names_are_masked_where_a_role_needs_none(filled: Client, by: str) -> None:
    customer_id = filled.customer("K1").customer_id

    view = filled.call("GetCustomer", by, customer_id=customer_id)
    listed = filled.call("ListCustomers", by, q="K2").customers

    assert (view.customer.name, view.family[0].name, listed[0].name) == ("林**", "孙**", "孙**")
    assert view.customer.adviser_name == WANG.name


@pytest.mark.parametrize("q", ["林爱达", "+86 17486206205", identity(1)])
@pytest.mark.parametrize("by", ["management", "auditor", "inspector"])
def test_who_may_not_search_finds_nobody_by_name_phone_or_identity(
    filled: Client, by: str, q: str
) -> None:
    assert filled.call("ListCustomers", by, q=q).customers == []
    assert [each.customer_no for each in filled.call("ListCustomers", by, q="k9").customers] == [
        "K1"
    ]


def test_imports_are_seen_by_who_sees_all_clients(filled: Client) -> None:
    (listed,) = filled.call("ListImports", "operations").imports

    for by in ("adviser", "branch_manager", "administrator"):
        assert filled.call("ListImports", by).imports == []
        for method in ("GetImport", "ListImportRejections"):
            asked = partial(filled.call, method, by, import_id=listed.import_id)
            assert isinstance(refusal(asked), NotFound)


def test_a_submission_tells_nothing_of_a_holder_out_of_scope(filled: Client) -> None:
    """Compliance, who sees both, is told and refuses."""
    filled.call("RegisterProspect", OTHER, customer_id="c-1", **PROSPECT)
    filled.entrust("c-1", Assignment(OTHER.staff_id, OTHER.team_id, OTHER.branch_id))

    submitted = filled.call("SubmitKyc", OTHER, **kyc("c-1"))
    found = filled.call("ListCustomers", OTHER, q=identity(1)).customers
    refused = refusal(lambda: filled.call("ApproveKyc", "compliance", customer_id="c-1"))

    assert submitted.state == "submitted"
    assert [each.customer_id for each in found] == ["c-1"]
    assert (type(refused), refused.code) == (Conflict, "identity_number_on_file")
    assert filled.call("ListCustomers", q=identity(1)).customers[0].customer_no == "K1"
