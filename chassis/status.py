"""Refusals as gRPC statuses (google.rpc.ErrorInfo and LocalizedMessage), and back again."""

import grpc
from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from chassis.errors import Conflict, Fault, Forbidden, Invalid, NotFound, Refusal, RuleBroken

DOMAIN = "liheng"
MOST_OF_FAULTS = 2500  # bytes; a status travels in headers, which are bounded

CODES: dict[type[Refusal], int] = {
    NotFound: code_pb2.NOT_FOUND,
    Conflict: code_pb2.ABORTED,
    RuleBroken: code_pb2.FAILED_PRECONDITION,
    Forbidden: code_pb2.PERMISSION_DENIED,
    Invalid: code_pb2.INVALID_ARGUMENT,
}
KINDS = {code: kind for kind, code in CODES.items()}


def to_status(refusal: Refusal) -> grpc.Status:
    return rpc_status.to_status(packed(refusal))


def packed(refusal: Refusal) -> status_pb2.Status:
    details = any_pb2.Any()
    details.Pack(
        error_details_pb2.ErrorInfo(
            reason=refusal.code,
            domain=DOMAIN,
            metadata={"rule": refusal.rule, "field": refusal.field},
        )
    )
    chinese = any_pb2.Any()
    chinese.Pack(error_details_pb2.LocalizedMessage(locale="zh-CN", message=refusal.zh))
    return status_pb2.Status(
        code=code_of(refusal), message=refusal.en, details=[details, chinese, *_faults(refusal)]
    )


def code_of(refusal: Refusal) -> int:
    """A refusal that says more is still one of its kind."""
    return next(code for kind, code in CODES.items() if isinstance(refusal, kind))


def _faults(refusal: Refusal) -> list[any_pb2.Any]:
    """The first of them, as many as fit."""
    told = error_details_pb2.BadRequest()
    for fault in refusal.faults:
        one = error_details_pb2.BadRequest.FieldViolation(
            field=fault.field,
            description=fault.en,
            localized_message=error_details_pb2.LocalizedMessage(locale="zh-CN", message=fault.zh),
        )
        if told.ByteSize() + one.ByteSize() > MOST_OF_FAULTS:
            break
        told.field_violations.append(one)
    if not told.field_violations:
        return []
    details = any_pb2.Any()
    details.Pack(told)
    return [details]


def unpacked(status: bytes) -> Refusal | None:
    return _refusal(status_pb2.Status.FromString(status))


def to_refusal(error: grpc.Call) -> Refusal | None:
    """What the service refused, or None when the call failed for another reason."""
    status = rpc_status.from_call(error)
    return _refusal(status) if status is not None else None


def _refusal(status: status_pb2.Status) -> Refusal | None:
    if status.code not in KINDS:
        return None
    reason = error_details_pb2.ErrorInfo()
    chinese = error_details_pb2.LocalizedMessage()
    faulty = error_details_pb2.BadRequest()
    for detail in status.details:
        _ = detail.Unpack(reason) or detail.Unpack(chinese) or detail.Unpack(faulty)
    if reason.domain != DOMAIN:
        return None
    refusal = KINDS[status.code](
        reason.reason,
        status.message,
        chinese.message or status.message,
        rule=reason.metadata["rule"],
        field=reason.metadata["field"],
    )
    refusal.faults = tuple(
        Fault(each.field, each.description, each.localized_message.message)
        for each in faulty.field_violations
    )
    return refusal
