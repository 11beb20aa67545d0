"""/sales: from draft to confirmed shares."""

from gateway.operation import Asked, Routes
from gateway.schemas import sales as schemas
from gateway.schemas.shown import page_of
from gateway.sentences import Sentence
from liheng.workflow.v1 import workflow_pb2 as pb

sales = Routes("workflow")


@sales.post(
    "/sales",
    permission="sale.draft",
    summary=Sentence("Draft a sale", "发起认购"),
    body=schemas.Draft,
    shows=schemas.Sale,
    status=201,
    location="/sales/{sale_id}",
    refusals=frozenset({404}),
)
async def draft_sale(asked: Asked) -> pb.Sale:
    request = pb.DraftSaleRequest(**asked.body)
    return (await asked.call(asked.services.workflow.DraftSale, request)).sale


@sales.get(
    "/sales",
    permission="sale.read",
    summary=Sentence("List sales", "认购列表"),
    query=schemas.SalesAsked,
    shows=page_of(schemas.Sale, "sales"),
)
async def list_sales(asked: Asked) -> pb.ListSalesResponse:
    request = pb.ListSalesRequest(**asked.query)
    return await asked.call(asked.services.workflow.ListSales, request)


@sales.get(
    "/sales/{sale_id}",
    permission="sale.read",
    summary=Sentence("One sale, its gates and what is still missing", "认购详情与待办关口"),
    shows=schemas.Sale,
)
async def get_sale(asked: Asked) -> pb.Sale:
    request = pb.GetSaleRequest(**asked.path)
    return (await asked.call(asked.services.workflow.GetSale, request)).sale


@sales.post(
    "/sales/{sale_id}/signatures",
    permission="sale.sign",
    summary=Sentence("The contract is signed", "签署合同"),
    body=schemas.Signature,
    shows=schemas.Sale,
    status=201,
)
async def sign_sale(asked: Asked) -> pb.Sale:
    request = pb.SignSaleRequest(**asked.path, **asked.body)
    return (await asked.call(asked.services.workflow.SignSale, request)).sale


@sales.post(
    "/sales/{sale_id}/payments",
    permission="sale.pay",
    summary=Sentence("The money has come", "确认到账"),
    body=schemas.Payment,
    shows=schemas.Sale,
    status=201,
)
async def pay_sale(asked: Asked) -> pb.Sale:
    request = pb.PaySaleRequest(**asked.path, **asked.body)
    return (await asked.call(asked.services.workflow.PaySale, request)).sale


@sales.post(
    "/sales/{sale_id}/callbacks",
    permission="sale.callback",
    summary=Sentence("The service desk has called the client back", "客服回访"),
    body=schemas.Callback,
    shows=schemas.Sale,
    status=201,
)
async def record_callback(asked: Asked) -> pb.Sale:
    request = pb.RecordCallbackRequest(**asked.path, **asked.body)
    return (await asked.call(asked.services.workflow.RecordCallback, request)).sale


@sales.post(
    "/sales/{sale_id}/confirmations",
    permission="sale.confirm",
    summary=Sentence("The shares are confirmed", "份额确认"),
    body=schemas.Confirmation,
    shows=schemas.Sale,
    status=201,
)
async def confirm_sale(asked: Asked) -> pb.Sale:
    request = pb.ConfirmSaleRequest(**asked.path, **asked.body)
    return (await asked.call(asked.services.workflow.ConfirmSale, request)).sale


@sales.post(
    "/sales/{sale_id}/rescissions",
    permission="sale.rescind",
    summary=Sentence("The client steps back", "客户解除合同"),
    body=schemas.Rescission,
    shows=schemas.Sale,
    status=201,
)
async def rescind_sale(asked: Asked) -> pb.Sale:
    request = pb.RescindSaleRequest(**asked.path, **asked.body)
    return (await asked.call(asked.services.workflow.RescindSale, request)).sale
