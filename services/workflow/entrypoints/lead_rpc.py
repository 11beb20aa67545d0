"""The lead half of WorkflowService over gRPC."""

import grpc

from chassis.clock import Clock
from chassis.identity import caller
from chassis.inputs import choice, identifier, optional_text, text
from chassis.paging import Page
from chassis.runner import Runner
from liheng.workflow.v1 import workflow_pb2 as pb
from liheng.workflow.v1 import workflow_pb2_grpc as rpc
from services.workflow.adapters.queries import WorkflowQueries
from services.workflow.domain.actor import Actor
from services.workflow.domain.lead import ContactChannel
from services.workflow.entrypoints.reading import actor, read_lead_filter
from services.workflow.entrypoints.writing import lead_message
from services.workflow.usecases.assign_lead import AssignLead, assign_lead
from services.workflow.usecases.contact_lead import ContactLead, contact_lead
from services.workflow.usecases.create_lead import CreateLead, create_lead
from services.workflow.usecases.drop_lead import DropLead, drop_lead
from services.workflow.usecases.ports import WorkflowWork
from services.workflow.usecases.qualify_lead import QualifyLead, qualify_lead

LONGEST_REASON = 1000
LONGEST_NOTE = 4000


class LeadServicer(rpc.WorkflowServiceServicer):
    def __init__(self, run: Runner[WorkflowWork], queries: WorkflowQueries, clock: Clock) -> None:
        self._run = run
        self._queries = queries
        self._clock = clock

    def CreateLead(
        self, request: pb.CreateLeadRequest, context: grpc.ServicerContext
    ) -> pb.CreateLeadResponse:
        command = CreateLead(
            lead_id=identifier(request.lead_id, "lead_id"),
            customer_id=identifier(request.customer_id, "customer_id"),
            source=text(request.source, "source"),
            campaign=optional_text(request.campaign, "campaign"),
            by=caller().staff_id,
            at=self._clock(),
        )
        return pb.CreateLeadResponse(lead=lead_message(self._run(create_lead, command)))

    def AssignLead(
        self, request: pb.AssignLeadRequest, context: grpc.ServicerContext
    ) -> pb.AssignLeadResponse:
        command = AssignLead(
            lead_id=identifier(request.lead_id, "lead_id"),
            adviser_id=identifier(request.adviser_id, "adviser_id"),
            by=caller().staff_id,
            at=self._clock(),
        )
        return pb.AssignLeadResponse(lead=lead_message(self._run(assign_lead, command)))

    def ContactLead(
        self, request: pb.ContactLeadRequest, context: grpc.ServicerContext
    ) -> pb.ContactLeadResponse:
        command = ContactLead(
            lead_id=identifier(request.lead_id, "lead_id"),
            channel=choice(ContactChannel, request.contact_channel, "contact_channel"),
            note=optional_text(request.note, "note", longest=LONGEST_NOTE),
            by=self._actor(),
            at=self._clock(),
        )
        return pb.ContactLeadResponse(lead=lead_message(self._run(contact_lead, command)))

    def QualifyLead(
        self, request: pb.QualifyLeadRequest, context: grpc.ServicerContext
    ) -> pb.QualifyLeadResponse:
        command = QualifyLead(
            lead_id=identifier(request.lead_id, "lead_id"), by=self._actor(), at=self._clock()
        )
        return pb.QualifyLeadResponse(lead=lead_message(self._run(qualify_lead, command)))

    def DropLead(
        self, request: pb.DropLeadRequest, context: grpc.ServicerContext
    ) -> pb.DropLeadResponse:
        command = DropLead(
            lead_id=identifier(request.lead_id, "lead_id"),
            reason=text(request.reason, "reason", longest=LONGEST_REASON),
            by=self._actor(),
            at=self._clock(),
        )
        return pb.DropLeadResponse(lead=lead_message(self._run(drop_lead, command)))

    def GetLead(
        self, request: pb.GetLeadRequest, context: grpc.ServicerContext
    ) -> pb.GetLeadResponse:
        lead = self._queries.lead(identifier(request.lead_id, "lead_id"))
        return pb.GetLeadResponse(lead=lead_message(lead))

    def ListLeads(
        self, request: pb.ListLeadsRequest, context: grpc.ServicerContext
    ) -> pb.ListLeadsResponse:
        page = Page.asked(request.limit, request.cursor)
        found, following = self._queries.leads(read_lead_filter(request), request.sort, page)
        return pb.ListLeadsResponse(leads=map(lead_message, found), next_cursor=following)

    def _actor(self) -> Actor:
        return actor(caller(), self._queries.scope())
