"""CustomerService on the real database."""

from functools import partial

import pytest

from chassis.errors import Conflict, Forbidden, RuleBroken
from chassis.runner import Runner
from services.customer.domain.customer import RiskLevel
from services.customer.usecases.note_level import NoteLevel, note_level
from tests.calling import refusal
from tests.customer.integration.calling import NOW, Client, kyc, wang
from tests.customer.unit.books import ADA, TODAY, book_of, identity, xlsx


def test_a_prospect_is_registered_once(client: Client) -> None:
    asked = {"name": "林安达", "phone": "138 0013 8000", "source": "referral"}

    first = client.call("RegisterProspect", customer_id="c-1", lead_id="l-1", **asked)
    again = client.call("RegisterProspect", customer_id="c-1", lead_id="l-2", **asked)
    other = client.call("RegisterProspect", **asked)

    assert (first.lead_id, again.lead_id) == ("l-1", "l-1")
    assert other.customer_id != "c-1"
    shown = client.call("GetCustomer", customer_id="c-1").customer
    assert (shown.name, shown.phone, shown.state) == ("林安达", "138****8000", "prospect")
    assert (shown.kyc.state, shown.aum, shown.customer_no) == ("none", "0.00", "")


def test_the_view_shows_who_somebody_is_and_what_they_hold(filled: Client) -> None:
    view = filled.call("GetCustomer", customer_id=filled.customer("K1").customer_id)

    shown = view.customer
    assert (shown.customer_no, list(shown.aliases), shown.name) == ("K1", ["K9"], "林爱达")
    assert shown.identity_number == f"4{'*' * 16}{identity(1)[-1]}"
    assert (shown.phone, shown.born_on, list(shown.tags)) == (
        "174****6205",
        "1961-07-30",
        ["企业主"],
    )
    assert (shown.aum, shown.facts.source, shown.version) == ("105003.00", "import", 2)
    (holding,) = view.holdings
    assert (holding.product_name, holding.units, holding.market_value) == (
        "凌云稳盈",
        "100002",
        "105003.00",
    )
    (child,) = view.family
    assert (child.name, child.customer_no, child.relation) == ("孙博", "K2", "child")


def test_a_family_is_seen_from_the_other_side(filled: Client) -> None:
    view = filled.call("GetCustomer", customer_id=filled.customer("K2").customer_id)

    assert [(member.customer_no, member.relation) for member in view.family] == [("K1", "parent")]


@pytest.mark.parametrize(
    "q", ["K1", "k9", "林爱达", "林 爱达", "+86 17486206205", identity(1).lower()]
)
def test_a_customer_is_found_by_number_name_phone_and_identity(filled: Client, q: str) -> None:
    assert filled.customer(q).customer_no == "K1"


def test_lists_are_paged_sorted_and_filtered(filled: Client) -> None:
    listed = filled.listed
    first = filled.call("ListCustomers", limit=1, sort="-aum")
    second = filled.call("ListCustomers", limit=1, sort="-aum", cursor=first.next_cursor)

    assert [page.customers[0].customer_no for page in (first, second)] == ["K1", "K2"]
    assert second.next_cursor == ""
    assert listed(state="prospect") == listed(adviser_id="s-404") == listed(q="nobody") == []
    assert listed(kyc_state="none", state="customer") == ["K1", "K2"]
    assert listed(kyc_state="approved") == listed(kyc_state="expired") == []


def test_transactions_come_newest_first_in_pages(filled: Client) -> None:
    customer_id = filled.customer("K1").customer_id

    first = filled.call("ListTransactions", customer_id=customer_id, limit=3)
    rest = filled.call("ListTransactions", customer_id=customer_id, cursor=first.next_cursor)

    days = [each.traded_on for page in (first, rest) for each in page.transactions]
    assert days == [f"2026-0{month}-05" for month in (5, 4, 3, 2, 1)]
    assert first.transactions[0].amount == "10000.00"


def test_holdings_add_up_to_the_assets(filled: Client) -> None:
    answer = filled.call("ListHoldings", customer_id=filled.customer("K2").customer_id)

    assert (answer.aum, len(answer.holdings)) == ("200.50", 1)


def test_a_kyc_goes_from_the_adviser_to_compliance(filled: Client) -> None:
    customer_id = filled.customer("K1").customer_id

    assert filled.call("SubmitKyc", **kyc(customer_id)).state == "submitted"
    own = refusal(lambda: filled.call("ApproveKyc", customer_id=customer_id))
    approved = filled.call("ApproveKyc", "compliance", customer_id=customer_id)

    assert (type(own), own.code) == (RuleBroken, "own_customer_kyc")
    assert approved.expires_on == "2027-11-24"
    shown = filled.customer("K1")
    assert (shown.kyc.state, shown.kyc.submitted_by, shown.kyc.reviewed_by) == (
        "approved",
        "s-adviser",
        "s-compliance",
    )
    assert (shown.phone, shown.address) == ("139****9000", "浙江省杭州市****")
    assert (shown.facts.source, shown.facts.financial_assets) == ("kyc", "5000000.00")
    assert [
        each.customer_no for each in filled.call("ListCustomers", kyc_state="approved").customers
    ] == ["K1"]


def test_a_rejected_kyc_says_why(filled: Client) -> None:
    customer_id = filled.customer("K1").customer_id
    filled.call("SubmitKyc", **kyc(customer_id))

    filled.call("RejectKyc", "compliance", customer_id=customer_id, reason="photo blurred")

    assert filled.customer("K1").kyc.reason == "photo blurred"


def test_an_identity_number_belongs_to_one_customer(filled: Client) -> None:
    customer_id = filled.customer("K2").customer_id

    refused = refusal(lambda: filled.call("SubmitKyc", **kyc(customer_id)))

    assert (type(refused), refused.code) == (Conflict, "identity_number_on_file")


def test_facts_are_updated_and_say_who_told_them(filled: Client) -> None:
    customer_id = filled.customer("K1").customer_id
    told = {"guardian_consent": "true", "relevant_work_years": "2"}

    facts = filled.call("UpdateFacts", "client_channel", customer_id=customer_id, facts=told).facts

    assert (facts.guardian_consent, facts.relevant_work_years) == ("true", "2")
    assert (facts.source, facts.as_of, facts.born_on) == ("client", "2026-11-24", "1961-07-30")


def test_a_level_is_shown_and_filtered_by(filled: Client) -> None:
    customer_id = filled.customer("K1").customer_id
    risk = RiskLevel("C4", TODAY, 3)
    Runner(filled.begin)(note_level, NoteLevel(customer_id=customer_id, risk=risk, at=NOW))

    (shown,) = filled.call("ListCustomers", risk_level="C4").customers

    assert (shown.risk_level, shown.risk_level_valid_until) == ("C4", "2026-11-23")


def test_an_import_is_told_with_its_result_and_its_rejections(client: Client) -> None:
    broken = [("K3", "钱三", "身份证", "", "", "", "", "")] * 3
    import_id = client.import_book(xlsx(book_of([ADA, *broken])))

    done = getattr(client.call("GetImport", "operations", import_id=import_id), "import")
    listed = partial(client.call, "ListImportRejections", "operations", import_id=import_id)
    first = listed(limit=2)
    rest = client.call(
        "ListImportRejections", "operations", import_id=import_id, cursor=first.next_cursor
    )

    assert (done.state, done.result.customers, done.result.rejected_rows) == ("applied", 1, 3)
    rows = [each.row for page in (first, rest) for each in page.rejections]
    assert rows == [3, 4, 5]
    assert first.rejections[0].zh == "证件号码：证件号码为空"
    assert (
        client.call(
            "ListImportRejections", "operations", import_id=import_id, severity="warning"
        ).rejections
        == []
    )


def test_a_refused_import_says_why_in_both_languages(client: Client) -> None:
    import_id = client.import_book(b"%PDF-1.7")

    (listed,) = client.call("ListImports", "operations").imports

    assert (listed.import_id, listed.state) == (import_id, "refused")
    assert listed.reason_en.startswith("the file is damaged")
    assert listed.reason_zh.startswith("文件已损坏")


def test_the_register_is_kept_by_administrators(client: Client) -> None:
    put = [client.call("PutStaff", "administrator", staff=wang()).changed for _ in range(2)]
    refused = refusal(lambda: client.call("PutStaff", staff=wang()))

    assert put == [True, False]
    assert isinstance(refused, Forbidden)
    assert [each.staff_id for each in client.call("ListStaff", role="adviser").staff] == [
        "s-adviser"
    ]
    assert client.call("ListStaff", team_id="t-404").staff == []


def test_the_register_tells_who_left(client: Client) -> None:
    client.call("PutStaff", "administrator", staff=wang())
    left = wang("s-left")
    left.active = False
    client.call("PutStaff", "administrator", staff=left)

    listed = {
        state: [each.staff_id for each in client.call("ListStaff", state=state).staff]
        for state in ("active", "inactive", "")
    }

    assert listed == {
        "active": ["s-adviser"],
        "inactive": ["s-left"],
        "": ["s-adviser", "s-left"],
    }
