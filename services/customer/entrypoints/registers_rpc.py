"""The registers behind CustomerService: staff and imports."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import grpc

from chassis.clock import Clock
from chassis.identity import caller
from chassis.ids import new_id
from chassis.inputs import identifier
from chassis.paging import Page
from chassis.runner import Runner
from liheng.customer.v1 import customer_pb2 as pb
from liheng.customer.v1 import customer_pb2_grpc as rpc
from services.customer.adapters.queries import CustomerQueries
from services.customer.entrypoints import reading
from services.customer.entrypoints.uploading import read_upload
from services.customer.entrypoints.writing import (
    CustomerWriter,
    rejection_message,
    staff_message,
)
from services.customer.usecases.ports import CustomerWork
from services.customer.usecases.put_staff import PutStaff, put_staff
from services.customer.usecases.start_import import StartImport, check_may_import, start_import


@dataclass(frozen=True, kw_only=True)
class Settings:
    zone: ZoneInfo
    largest_book: int  # bytes
    kyc_valid_for: timedelta
    longest_grant: timedelta


class RegisterServicer(rpc.CustomerServiceServicer):
    def __init__(
        self,
        run: Runner[CustomerWork],
        queries: CustomerQueries,
        writer: CustomerWriter,
        clock: Clock,
        settings: Settings,
    ) -> None:
        self._run = run
        self._queries = queries
        self._writer = writer
        self._clock = clock
        self._settings = settings

    def PutStaff(
        self, request: pb.PutStaffRequest, context: grpc.ServicerContext
    ) -> pb.PutStaffResponse:
        command = PutStaff(
            member=reading.read_member(request.staff),
            by=caller().staff_id,
            roles=caller().roles,
            at=self._clock(),
        )
        put = self._run(put_staff, command)
        return pb.PutStaffResponse(changed=put.changed, unserved_customers=put.unserved)

    def ListStaff(
        self, request: pb.ListStaffRequest, context: grpc.ServicerContext
    ) -> pb.ListStaffResponse:
        rows = self._queries.staff(request.role, request.team_id, request.state)
        return pb.ListStaffResponse(staff=map(staff_message, rows))

    def StartImport(
        self, request_iterator: Iterator[pb.StartImportRequest], context: grpc.ServicerContext
    ) -> pb.StartImportResponse:
        check_may_import(caller().roles)
        name, content = read_upload(request_iterator, self._settings.largest_book)
        command = StartImport(
            import_id=new_id(),
            file_name=name,
            content=content,
            by=caller().staff_id,
            roles=caller().roles,
            at=self._clock(),
        )
        self._run(start_import, command)
        return pb.StartImportResponse(import_id=command.import_id)

    def GetImport(
        self, request: pb.GetImportRequest, context: grpc.ServicerContext
    ) -> pb.GetImportResponse:
        row = self._queries.one_import(identifier(request.import_id, "import_id"))
        return pb.GetImportResponse(**{"import": self._writer.imported(row)})

    def ListImports(
        self, request: pb.ListImportsRequest, context: grpc.ServicerContext
    ) -> pb.ListImportsResponse:
        rows, following = self._queries.imports(Page.asked(request.limit, request.cursor))
        imported = map(self._writer.imported, rows)
        return pb.ListImportsResponse(imports=imported, next_cursor=following)

    def ListImportRejections(
        self, request: pb.ListImportRejectionsRequest, context: grpc.ServicerContext
    ) -> pb.ListImportRejectionsResponse:
        import_id = identifier(request.import_id, "import_id")
        page = Page.asked(request.limit, request.cursor)
        rows, following = self._queries.notes(import_id, request.severity, page)
        return pb.ListImportRejectionsResponse(
            rejections=map(rejection_message, rows), next_cursor=following
        )

    def _today(self, now: datetime) -> date:
        return now.astimezone(self._settings.zone).date()
