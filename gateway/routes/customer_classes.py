"""/customers/{customer_id}/class-applications and their decisions."""

from gateway.operation import Asked, Routes
from gateway.schemas import customer_classes as schemas
from gateway.schemas import shown
from gateway.schemas.paging import PageAsked
from gateway.sentences import Sentence
from liheng.suitability.v1 import classes_pb2 as pb

customer_classes = Routes("suitability")


@customer_classes.get(
    "/customers/{customer_id}/class-applications",
    permission="profile.read",
    summary=Sentence(
        "What class a client has elected, and all they asked for, newest first",
        "客户所选投资者类别及历次申请",
    ),
    query=PageAsked,
    shows=shown.page_of(
        schemas.ClassApplication,
        "applications",
        elected_class=shown.Text("professional, ordinary; null while the client chose nothing"),
    ),
)
async def list_class_applications(asked: Asked) -> pb.ListClassApplicationsResponse:
    request = pb.ListClassApplicationsRequest(**asked.path, **asked.query)
    return await asked.call(asked.services.customer_classes.ListClassApplications, request)


@customer_classes.post(
    "/customers/{customer_id}/class-applications",
    permission="class.apply",
    summary=Sentence(
        "Ask to be professional, or choose to be ordinary",
        "申请转化为专业投资者，或者选择成为普通投资者",
    ),
    body=schemas.NewClassApplication,
    shows=schemas.ClassApplication,
    status=201,
)
async def apply_for_class(asked: Asked) -> pb.ClassApplication:
    request = pb.ApplyForClassRequest(**asked.path, **asked.body)
    return (await asked.call(asked.services.customer_classes.ApplyForClass, request)).application


@customer_classes.post(
    "/class-applications/{application_id}/decisions",
    permission="class.decide",
    summary=Sentence(
        "Accept or refuse a client who asks to be professional",
        "同意或者拒绝转化为专业投资者的申请",
    ),
    body=schemas.ClassDecision,
    shows=schemas.ClassApplication,
    status=201,
)
async def decide_class_application(asked: Asked) -> pb.ClassApplication:
    request = pb.DecideClassApplicationRequest(**asked.path, **asked.body)
    call = asked.services.customer_classes.DecideClassApplication
    return (await asked.call(call, request)).application
