"""CustomerService over gRPC."""

from dataclasses import replace
from decimal import Decimal

import grpc

from chassis.identity import caller
from chassis.ids import new_id
from chassis.inputs import identifier, optional_text, text
from chassis.paging import Page
from liheng.customer.v1 import customer_pb2 as pb
from liheng.customer.v1.events_pb2 import CustomerFacts
from services.customer.adapters.queries import CustomerFilter
from services.customer.adapters.rows import facts_json
from services.customer.domain.facts import FactsSource
from services.customer.entrypoints import reading
from services.customer.entrypoints.access_rpc import AccessServicer
from services.customer.entrypoints.writing import (
    holding_message,
    transaction_message,
)
from services.customer.usecases.approve_kyc import ApproveKyc, approve_kyc
from services.customer.usecases.note_search import NoteSearch, note_search
from services.customer.usecases.register_prospect import RegisterProspect, register_prospect
from services.customer.usecases.reject_kyc import RejectKyc, reject_kyc
from services.customer.usecases.submit_kyc import SubmitKyc, submit_kyc
from services.customer.usecases.update_facts import UpdateFacts, update_facts

ZERO = Decimal("0.00")


class CustomerServicer(AccessServicer):
    def RegisterProspect(
        self, request: pb.RegisterProspectRequest, context: grpc.ServicerContext
    ) -> pb.RegisterProspectResponse:
        customer_id = optional_id(request.customer_id, "customer_id")
        lead_id = optional_id(request.lead_id, "lead_id")
        command = RegisterProspect(
            customer_id=customer_id,
            person=reading.read_prospect(request),
            origin=reading.read_origin(request, lead_id, caller().staff_id),
            at=self._clock(),
        )
        registered = self._run(register_prospect, command)
        return pb.RegisterProspectResponse(customer_id=customer_id, lead_id=registered)

    def GetCustomer(
        self, request: pb.GetCustomerRequest, context: grpc.ServicerContext
    ) -> pb.GetCustomerResponse:
        row = self._queries.view(identifier(request.customer_id, "customer_id"))
        return self._writer.view(row, self._today(self._clock()))

    def ListCustomers(
        self, request: pb.ListCustomersRequest, context: grpc.ServicerContext
    ) -> pb.ListCustomersResponse:
        today = self._today(self._clock())
        wanted = CustomerFilter(
            today=today,
            adviser_id=request.adviser_id,
            team_id=request.team_id,
            state=request.state,
            kyc_state=request.kyc_state,
            risk_level=request.risk_level,
            q=optional_text(request.q, "q", longest=100),
            by_person="search" in caller().sees,
            unserved=request.unserved,
        )
        if wanted.persons_sought:
            self._run(note_search, NoteSearch(wanted.persons_sought))
        page = Page.asked(request.limit, request.cursor)
        rows, following = self._queries.page(wanted, request.sort, page)
        return self._writer.customers(rows, today, following)

    def SubmitKyc(
        self, request: pb.SubmitKycRequest, context: grpc.ServicerContext
    ) -> pb.SubmitKycResponse:
        now = self._clock()
        today = self._today(now)
        facts = replace(reading.read_facts(request.facts), as_of=today, source=FactsSource.KYC)
        command = SubmitKyc(
            customer_id=identifier(request.customer_id, "customer_id"),
            submission=reading.read_submission(request, new_id()),
            facts=facts,
            by=caller().staff_id,
            roles=caller().roles,
            today=today,
            at=now,
        )
        return pb.SubmitKycResponse(state=self._run(submit_kyc, command))

    def ApproveKyc(
        self, request: pb.ApproveKycRequest, context: grpc.ServicerContext
    ) -> pb.ApproveKycResponse:
        now = self._clock()
        command = ApproveKyc(
            customer_id=identifier(request.customer_id, "customer_id"),
            by=caller().staff_id,
            roles=caller().roles,
            today=self._today(now),
            at=now,
            valid_for=self._settings.kyc_valid_for,
        )
        approved = self._run(approve_kyc, command)
        return pb.ApproveKycResponse(expires_on=approved.expires_on.isoformat())

    def RejectKyc(
        self, request: pb.RejectKycRequest, context: grpc.ServicerContext
    ) -> pb.RejectKycResponse:
        command = RejectKyc(
            customer_id=identifier(request.customer_id, "customer_id"),
            reason=text(request.reason, "reason", longest=500),
            by=caller().staff_id,
            roles=caller().roles,
            at=self._clock(),
        )
        self._run(reject_kyc, command)
        return pb.RejectKycResponse()

    def UpdateFacts(
        self, request: pb.UpdateFactsRequest, context: grpc.ServicerContext
    ) -> pb.UpdateFactsResponse:
        now = self._clock()
        told = reading.read_facts(request.facts)
        facts = replace(
            told, as_of=told.as_of or self._today(now), source=reading.facts_source(caller())
        )
        command = UpdateFacts(
            customer_id=identifier(request.customer_id, "customer_id"),
            facts=facts,
            by=caller().staff_id,
            at=now,
        )
        known = self._run(update_facts, command)
        return pb.UpdateFactsResponse(facts=CustomerFacts(**facts_json(known)))

    def ListHoldings(
        self, request: pb.ListHoldingsRequest, context: grpc.ServicerContext
    ) -> pb.ListHoldingsResponse:
        rows = self._queries.holdings(identifier(request.customer_id, "customer_id"))
        aum = sum((row.market_value for row in rows), ZERO)
        return pb.ListHoldingsResponse(holdings=map(holding_message, rows), aum=str(aum))

    def ListTransactions(
        self, request: pb.ListTransactionsRequest, context: grpc.ServicerContext
    ) -> pb.ListTransactionsResponse:
        customer_id = identifier(request.customer_id, "customer_id")
        page = Page.asked(request.limit, request.cursor)
        rows, following = self._queries.transactions(customer_id, page)
        return pb.ListTransactionsResponse(
            transactions=map(transaction_message, rows), next_cursor=following
        )


def optional_id(written: str, field: str) -> str:
    return identifier(written, field) if written else new_id()
