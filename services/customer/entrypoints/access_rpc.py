"""Access behind CustomerService: unmasking, grants for a time, handovers."""

import grpc

from chassis.identity import caller
from chassis.ids import new_id
from chassis.inputs import identifier
from chassis.paging import Page
from liheng.customer.v1 import customer_pb2 as pb
from services.customer.adapters.access_queries import GrantFilter
from services.customer.entrypoints import access_reading as reading
from services.customer.entrypoints.access_writing import grant_message, handover_message
from services.customer.entrypoints.registers_rpc import RegisterServicer
from services.customer.usecases.end_access import EndAccess, end_access
from services.customer.usecases.grant_access import GrantAccess, grant_access
from services.customer.usecases.make_handover import MakeHandover, make_handover
from services.customer.usecases.unmask_customer import UnmaskCustomer, unmask_customer


class AccessServicer(RegisterServicer):
    def UnmaskCustomer(
        self, request: pb.UnmaskCustomerRequest, context: grpc.ServicerContext
    ) -> pb.UnmaskCustomerResponse:
        command = UnmaskCustomer(
            customer_id=identifier(request.customer_id, "customer_id"),
            **reading.read_unmasking(request),
            by=caller().staff_id,
            roles=caller().roles,
            at=self._clock(),
        )
        shown = self._run(unmask_customer, command)
        return pb.UnmaskCustomerResponse(**{str(field): text for field, text in shown.items()})

    def GrantAccess(
        self, request: pb.GrantAccessRequest, context: grpc.ServicerContext
    ) -> pb.GrantAccessResponse:
        now = self._clock()
        command = GrantAccess(
            grant_id=new_id(),
            staff_id=identifier(request.staff_id, "staff_id"),
            opened=reading.read_opened(request),
            purpose=reading.read_purpose(request.purpose),
            valid_from=reading.optional_moment(request, "valid_from"),
            valid_until=reading.read_moment(request, "valid_until"),
            by=reading.superior(caller()),
            at=now,
            longest=self._settings.longest_grant,
        )
        return pb.GrantAccessResponse(grant=grant_message(self._run(grant_access, command), now))

    def EndAccess(
        self, request: pb.EndAccessRequest, context: grpc.ServicerContext
    ) -> pb.EndAccessResponse:
        now = self._clock()
        command = EndAccess(
            grant_id=identifier(request.grant_id, "grant_id"),
            by=reading.superior(caller()),
            at=now,
        )
        return pb.EndAccessResponse(grant=grant_message(self._run(end_access, command), now))

    def ListAccessGrants(
        self, request: pb.ListAccessGrantsRequest, context: grpc.ServicerContext
    ) -> pb.ListAccessGrantsResponse:
        now = self._clock()
        wanted = GrantFilter(
            now=now,
            **reading.read_filter(request),
            active=request.active,
        )
        page = Page.asked(request.limit, request.cursor)
        grants, following = self._queries.access.grants(wanted, page)
        return pb.ListAccessGrantsResponse(
            grants=[grant_message(grant, now) for grant in grants], next_cursor=following
        )

    def MakeHandover(
        self, request: pb.MakeHandoverRequest, context: grpc.ServicerContext
    ) -> pb.MakeHandoverResponse:
        command = MakeHandover(
            handover_id=new_id(),
            from_adviser_id=identifier(request.from_adviser_id, "from_adviser_id"),
            to_adviser_id=identifier(request.to_adviser_id, "to_adviser_id"),
            customer_ids=[identifier(each, "customer_ids") for each in request.customer_ids],
            reason=reading.read_reason(request.reason),
            access_until=reading.optional_moment(request, "access_until"),
            by=reading.superior(caller()),
            at=self._clock(),
            longest=self._settings.longest_grant,
        )
        handover = self._run(make_handover, command)
        return pb.MakeHandoverResponse(handover=handover_message(handover))

    def GetHandover(
        self, request: pb.GetHandoverRequest, context: grpc.ServicerContext
    ) -> pb.GetHandoverResponse:
        handover = self._queries.access.handover(identifier(request.handover_id, "handover_id"))
        return pb.GetHandoverResponse(handover=handover_message(handover))
