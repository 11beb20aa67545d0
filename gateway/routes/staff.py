"""/staff: who works here, in which roles and team."""

from gateway.operation import Asked, Routes
from gateway.schemas import staff as schemas
from gateway.schemas.shown import all_of
from gateway.sentences import Sentence
from liheng.customer.v1 import customer_pb2 as pb

staff = Routes("customer")


@staff.get(
    "/staff",
    permission="staff.read",
    summary=Sentence("List staff", "员工列表"),
    query=schemas.StaffAsked,
    shows=all_of(schemas.Staff, "staff"),
)
async def list_staff(asked: Asked) -> pb.ListStaffResponse:
    request = pb.ListStaffRequest(**asked.query)
    return await asked.call(asked.services.customer.ListStaff, request)


@staff.put(
    "/staff/{staff_id}",
    permission="staff.write",
    summary=Sentence("Enter a member of staff, or change them", "登记或变更员工"),
    body=schemas.StaffTaken,
    shows=schemas.StaffPut,
)
async def put_staff(asked: Asked) -> pb.PutStaffResponse:
    request = pb.PutStaffRequest(staff=pb.Staff(**asked.path, **asked.body))
    return await asked.call(asked.services.customer.PutStaff, request)
