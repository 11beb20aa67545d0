"""WorkflowService over gRPC: leads, and the sales below."""

from zoneinfo import ZoneInfo

import grpc

from chassis.clock import Clock
from chassis.identity import caller
from chassis.ids import new_id
from chassis.inputs import amount, choice, day, identifier, storable, text
from chassis.paging import Page
from chassis.runner import Runner
from liheng.workflow.v1 import workflow_pb2 as pb
from services.workflow.adapters.queries import WorkflowQueries
from services.workflow.domain.sale import Sale
from services.workflow.domain.sale_states import Channel, Initiator
from services.workflow.domain.settlement import Confirmation
from services.workflow.entrypoints.lead_rpc import LONGEST_REASON, LeadServicer
from services.workflow.entrypoints.reading import (
    read_callback,
    read_disclosures,
    read_sale_filter,
    read_terms,
)
from services.workflow.entrypoints.writing import sale_message
from services.workflow.usecases.confirm_sale import ConfirmSale, confirm_sale
from services.workflow.usecases.draft_sale import DraftSale, draft_sale
from services.workflow.usecases.pay_sale import PaySale, pay_sale
from services.workflow.usecases.ports import WorkflowWork
from services.workflow.usecases.record_callback import RecordCallback, record_callback
from services.workflow.usecases.rescind_sale import RescindSale, rescind_sale
from services.workflow.usecases.sign_sale import SignSale, sign_sale


class WorkflowServicer(LeadServicer):
    def __init__(
        self, run: Runner[WorkflowWork], queries: WorkflowQueries, clock: Clock, zone: ZoneInfo
    ) -> None:
        super().__init__(run, queries, clock)
        self._zone = zone

    def DraftSale(
        self, request: pb.DraftSaleRequest, context: grpc.ServicerContext
    ) -> pb.DraftSaleResponse:
        command = DraftSale(
            terms=read_terms(request, new_id(), caller()),
            channel=choice(Channel, request.channel, "channel"),
            initiated_by=choice(Initiator, request.initiated_by, "initiated_by"),
            by=self._actor(),
            at=self._clock(),
        )
        return pb.DraftSaleResponse(sale=self._shown(self._run(draft_sale, command)))

    def SignSale(
        self, request: pb.SignSaleRequest, context: grpc.ServicerContext
    ) -> pb.SignSaleResponse:
        now = self._clock()
        command = SignSale(
            sale_id=identifier(request.sale_id, "sale_id"),
            contract_number=text(request.contract_number, "contract_number"),
            disclosures_confirmed=read_disclosures(request),
            by=self._actor(),
            today=now.astimezone(self._zone).date(),
            at=now,
        )
        return pb.SignSaleResponse(sale=self._shown(self._run(sign_sale, command)))

    def PaySale(
        self, request: pb.PaySaleRequest, context: grpc.ServicerContext
    ) -> pb.PaySaleResponse:
        command = PaySale(
            sale_id=identifier(request.sale_id, "sale_id"),
            amount=amount(request.amount, "amount"),
            payment_reference=text(request.payment_reference, "payment_reference"),
            by=self._actor(),
            at=self._clock(),
        )
        return pb.PaySaleResponse(sale=self._shown(self._run(pay_sale, command)))

    def RecordCallback(
        self, request: pb.RecordCallbackRequest, context: grpc.ServicerContext
    ) -> pb.RecordCallbackResponse:
        command = RecordCallback(
            sale_id=identifier(request.sale_id, "sale_id"),
            callback=read_callback(request, caller().staff_id, self._clock()),
            by=self._actor(),
        )
        return pb.RecordCallbackResponse(sale=self._shown(self._run(record_callback, command)))

    def ConfirmSale(
        self, request: pb.ConfirmSaleRequest, context: grpc.ServicerContext
    ) -> pb.ConfirmSaleResponse:
        command = ConfirmSale(
            sale_id=identifier(request.sale_id, "sale_id"),
            confirmation=Confirmation(
                storable(request.units, "units"),
                storable(request.nav, "nav"),
                day(request.confirmed_on, "confirmed_on"),
            ),
            by=self._actor(),
            zone=self._zone,
            at=self._clock(),
        )
        return pb.ConfirmSaleResponse(sale=self._shown(self._run(confirm_sale, command)))

    def RescindSale(
        self, request: pb.RescindSaleRequest, context: grpc.ServicerContext
    ) -> pb.RescindSaleResponse:
        command = RescindSale(
            sale_id=identifier(request.sale_id, "sale_id"),
            reason=text(request.reason, "reason", longest=LONGEST_REASON),
            by=self._actor(),
            at=self._clock(),
        )
        return pb.RescindSaleResponse(sale=self._shown(self._run(rescind_sale, command)))

    def GetSale(
        self, request: pb.GetSaleRequest, context: grpc.ServicerContext
    ) -> pb.GetSaleResponse:
        sale = self._queries.sale(identifier(request.sale_id, "sale_id"))
        return pb.GetSaleResponse(sale=self._shown(sale))

    def ListSales(
        self, request: pb.ListSalesRequest, context: grpc.ServicerContext
    ) -> pb.ListSalesResponse:
        page = Page.asked(request.limit, request.cursor)
        found, following = self._queries.sales(read_sale_filter(request), request.sort, page)
        return pb.ListSalesResponse(sales=map(self._shown, found), next_cursor=following)

    def _shown(self, sale: Sale) -> pb.Sale:
        return sale_message(sale, self._clock(), caller().sees)
