"""Read who asks for access to what, and why."""

from datetime import datetime
from typing import Any

from chassis.errors import Invalid
from chassis.identity import Caller
from chassis.inputs import choice, identifier, optional_text
from chassis.moments import moment
from liheng.customer.v1 import customer_pb2 as pb
from services.customer.domain import grant, unmasking
from services.customer.domain.authority import Superior
from services.customer.domain.handover import Reason


def superior(who: Caller) -> Superior:
    return Superior(who.staff_id, who.roles, who.team_id, who.branch_id)


def read_unmasking(request: pb.UnmaskCustomerRequest) -> dict[str, Any]:
    fields = {choice(unmasking.Field, field, "fields") for field in request.fields}
    if not fields:
        raise missing("fields")
    return {
        "fields": tuple(sorted(fields)),
        "purpose": choice(unmasking.Purpose, request.purpose, "purpose"),
        "note": optional_text(request.note, "note", longest=500),
    }


def read_opened(request: pb.GrantAccessRequest) -> grant.Opened:
    customer_id, adviser_id = request.customer_id, request.adviser_id
    return grant.Opened(
        customer_id=identifier(customer_id, "customer_id") if customer_id else "",
        adviser_id=identifier(adviser_id, "adviser_id") if adviser_id else "",
    )


def read_filter(request: pb.ListAccessGrantsRequest) -> dict[str, str]:
    named = ("staff_id", "customer_id", "adviser_id")
    told = {name: str(getattr(request, name)) for name in named}
    return {name: identifier(value, name) for name, value in told.items() if value}


def read_purpose(written: str) -> grant.Purpose:
    return choice(grant.Purpose, written, "purpose")


def read_reason(written: str) -> Reason:
    return choice(Reason, written, "reason")


def read_moment(request: pb.GrantAccessRequest | pb.MakeHandoverRequest, field: str) -> datetime:
    read = optional_moment(request, field)
    if read is None:
        raise missing(field)
    return read


def optional_moment(
    request: pb.GrantAccessRequest | pb.MakeHandoverRequest, field: str
) -> datetime | None:
    """None when it was not sent."""
    if not request.HasField(field):  # type: ignore[arg-type]
        return None
    try:
        return moment(getattr(request, field))
    except OverflowError:
        raise Invalid(
            "not_a_moment", f"{field} is not a moment", f"{field} 不是有效的时间", field=field
        ) from None


def missing(field: str) -> Invalid:
    return Invalid("missing", f"{field} is missing", f"缺少 {field}", field=field)
