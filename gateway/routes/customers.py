"""/customers: clients, who they are and what they hold."""

from gateway.operation import Asked, Routes
from gateway.schemas import customers as schemas
from gateway.schemas.paging import PageAsked
from gateway.schemas.shown import Amount, all_of, page_of
from gateway.sentences import Sentence
from liheng.customer.v1 import customer_pb2 as pb
from liheng.customer.v1.events_pb2 import CustomerFacts

customers = Routes("customer")


@customers.get(
    "/customers",
    permission="customer.read",
    summary=Sentence("List clients", "客户列表"),
    query=schemas.CustomersAsked,
    shows=page_of(schemas.Customer, "customers"),
)
async def list_customers(asked: Asked) -> pb.ListCustomersResponse:
    request = pb.ListCustomersRequest(**asked.query)
    return await asked.call(asked.services.customer.ListCustomers, request)


@customers.get(
    "/customers/{customer_id}",
    permission="customer.read",
    summary=Sentence("The 360° view of a client", "客户 360° 视图"),
    shows=schemas.CustomerView,
)
async def get_customer(asked: Asked) -> pb.GetCustomerResponse:
    request = pb.GetCustomerRequest(**asked.path)
    return await asked.call(asked.services.customer.GetCustomer, request)


@customers.get(
    "/customers/{customer_id}/holdings",
    permission="customer.read",
    summary=Sentence("What a client holds", "客户持仓"),
    shows=all_of(schemas.Holding, "holdings", aum=Amount()),
)
async def list_holdings(asked: Asked) -> pb.ListHoldingsResponse:
    request = pb.ListHoldingsRequest(**asked.path)
    return await asked.call(asked.services.customer.ListHoldings, request)


@customers.get(
    "/customers/{customer_id}/transactions",
    permission="customer.read",
    summary=Sentence("What a client traded, newest first", "客户交易记录"),
    query=PageAsked,
    shows=page_of(schemas.Transaction, "transactions"),
)
async def list_transactions(asked: Asked) -> pb.ListTransactionsResponse:
    request = pb.ListTransactionsRequest(**asked.path, **asked.query)
    return await asked.call(asked.services.customer.ListTransactions, request)


@customers.post(
    "/customers/{customer_id}/kyc-submissions",
    permission="customer.kyc.submit",
    summary=Sentence("Submit who a client is", "提交 KYC"),
    body=schemas.KycSubmission,
    shows=schemas.KycState,
    status=201,
    example={
        "name": "林安达",
        "identity_kind": "id_card",
        "identity_number": "330106198805120015",
        "phone": "13800138000",
        "address": "杭州市西湖区文三路 1 号",
        "purpose": "财富增值",
        "tax_residences": ["CN"],
        "beneficial_owner": "self",
        "consents": ["personal_data", "sensitive_data", "recording"],
        "facts": {"born_on": "1988-05-12", "financial_assets": "1200000.00"},
    },
)
async def submit_kyc(asked: Asked) -> pb.SubmitKycResponse:
    request = pb.SubmitKycRequest(**asked.path, **asked.body)
    return await asked.call(asked.services.customer.SubmitKyc, request)


@customers.post(
    "/customers/{customer_id}/kyc-approvals",
    permission="customer.kyc.review",
    summary=Sentence("Confirm who a client is; never who submitted it", "批准 KYC（非提交人）"),
    shows=schemas.KycApproved,
    status=201,
)
async def approve_kyc(asked: Asked) -> pb.ApproveKycResponse:
    request = pb.ApproveKycRequest(**asked.path)
    return await asked.call(asked.services.customer.ApproveKyc, request)


@customers.post(
    "/customers/{customer_id}/kyc-rejections",
    permission="customer.kyc.review",
    summary=Sentence("Send a KYC back", "退回 KYC"),
    body=schemas.KycRejection,
    status=204,
)
async def reject_kyc(asked: Asked) -> None:
    request = pb.RejectKycRequest(**asked.path, **asked.body)
    await asked.call(asked.services.customer.RejectKyc, request)


@customers.patch(
    "/customers/{customer_id}/facts",
    permission="customer.facts.update",
    summary=Sentence("Bring a client's financial facts up to date", "更新客户财务信息"),
    body=schemas.FactsTaken,
    shows=schemas.FactsUpdated,
    bulk=True,
)
async def update_facts(asked: Asked) -> pb.UpdateFactsResponse:
    request = pb.UpdateFactsRequest(**asked.path, facts=CustomerFacts(**asked.body))
    return await asked.call(asked.services.customer.UpdateFacts, request)
