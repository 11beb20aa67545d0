"""Clients and staff."""

from liheng.customer.v1 import customer_pb2 as pb
from liheng.customer.v1.events_pb2 import CustomerFacts, TransactionState
from tests.gateway.cases.case import NOON_STAMP, Case

WANG = pb.Customer(
    customer_id="c-1",
    customer_no="K0001",
    state="customer",
    name="王*",
    tags=["高净值"],
    adviser_id="s-1",
    kyc=pb.Kyc(state="approved", reviewed_at=NOON_STAMP),
    aum="1200000.00",
    version=3,
    created_at=NOON_STAMP,
)
KYC = {
    "name": "王伟",
    "identity_kind": "id_card",
    "identity_number": "330106198805120016",
    "phone": "13800138000",
    "address": "杭州市西湖区",
    "tax_residences": ["CN"],
    "consents": ["personal_data", "recording"],
    "facts": {"born_on": "1988-05-12", "financial_assets": "1200000.00"},
}

CASES = [
    Case(
        operation="list_customers",
        path="/customers",
        role="adviser",
        query={
            "limit": "2",
            "cursor": "abc",
            "sort": "-aum",
            "risk_level": "C3",
            "q": "王伟",
            "unserved": "true",
        },
        rpc="ListCustomers",
        request=pb.ListCustomersRequest(
            limit=2, cursor="abc", sort="-aum", risk_level="C3", q="王伟", unserved=True
        ),
        answer=pb.ListCustomersResponse(customers=[WANG, WANG], next_cursor="def"),
        shows={"next": "def"},
    ),
    Case(
        operation="get_customer",
        path="/customers/c-1",
        role="adviser",
        rpc="GetCustomer",
        request=pb.GetCustomerRequest(customer_id="c-1"),
        answer=pb.GetCustomerResponse(
            customer=WANG,
            holdings=[pb.Holding(product_id="P1", units="10.5")],
            family=[pb.FamilyMember(customer_id="c-2", relation="spouse")],
        ),
        shows={
            "family": [
                {"customer_id": "c-2", "customer_no": None, "name": None, "relation": "spouse"}
            ]
        },
    ),
    Case(
        operation="list_holdings",
        path="/customers/c-1/holdings",
        role="adviser",
        rpc="ListHoldings",
        request=pb.ListHoldingsRequest(customer_id="c-1"),
        answer=pb.ListHoldingsResponse(holdings=[pb.Holding(product_id="P1")], aum="0.10"),
        shows={"aum": "0.10"},
    ),
    Case(
        operation="list_transactions",
        path="/customers/c-1/transactions",
        role="adviser",
        query={"limit": "200"},
        rpc="ListTransactions",
        request=pb.ListTransactionsRequest(customer_id="c-1", limit=200),
        answer=pb.ListTransactionsResponse(
            transactions=[TransactionState(transaction_id="t-1", kind="redeem")]
        ),
        shows={"next": None},
    ),
    Case(
        operation="submit_kyc",
        path="/customers/c-1/kyc-submissions",
        role="adviser",
        json=KYC,
        rpc="SubmitKyc",
        request=pb.SubmitKycRequest(
            customer_id="c-1",
            name="王伟",
            identity_kind="id_card",
            identity_number="330106198805120016",
            phone="13800138000",
            address="杭州市西湖区",
            tax_residences=["CN"],
            consents=["personal_data", "recording"],
            facts=CustomerFacts(born_on="1988-05-12", financial_assets="1200000.00"),
        ),
        answer=pb.SubmitKycResponse(state="submitted"),
        status=201,
        shows={"state": "submitted"},
    ),
    Case(
        operation="approve_kyc",
        path="/customers/c-1/kyc-approvals",
        role="compliance",
        rpc="ApproveKyc",
        request=pb.ApproveKycRequest(customer_id="c-1"),
        answer=pb.ApproveKycResponse(expires_on="2027-11-23"),
        status=201,
        shows={"expires_on": "2027-11-23"},
    ),
    Case(
        operation="reject_kyc",
        path="/customers/c-1/kyc-rejections",
        role="compliance",
        json={"reason": "证件过期"},
        rpc="RejectKyc",
        request=pb.RejectKycRequest(customer_id="c-1", reason="证件过期"),
        answer=pb.RejectKycResponse(),
        status=204,
    ),
    Case(
        operation="update_facts",
        path="/customers/c-1/facts",
        role="adviser",
        json={"net_assets": "-5.00", "as_of": "2026-11-01"},
        rpc="UpdateFacts",
        request=pb.UpdateFactsRequest(
            customer_id="c-1", facts=CustomerFacts(net_assets="-5.00", as_of="2026-11-01")
        ),
        answer=pb.UpdateFactsResponse(facts=CustomerFacts(net_assets="-5.00")),
    ),
    Case(
        operation="list_staff",
        path="/staff",
        role="administrator",
        query={"role": "adviser"},
        rpc="ListStaff",
        request=pb.ListStaffRequest(role="adviser"),
        answer=pb.ListStaffResponse(staff=[pb.Staff(staff_id="s-1", roles=["adviser"])]),
    ),
    Case(
        operation="put_staff",
        path="/staff/s-2",
        role="administrator",
        json={"name": "李敏", "roles": ["compliance"], "team_id": "t-1"},
        rpc="PutStaff",
        request=pb.PutStaffRequest(
            staff=pb.Staff(
                staff_id="s-2", name="李敏", roles=["compliance"], team_id="t-1", active=True
            )
        ),
        answer=pb.PutStaffResponse(changed=True, unserved_customers=7),
        shows={"changed": True, "unserved_customers": 7},
    ),
]
