"""What a refused call leaves in the trail."""

from typing import Any

import grpc

from chassis.errors import Refusal
from chassis.identity import Unauthenticated, caller_or_nobody
from chassis.trail.entry import Entry, Outcome, code


def refusal(error: Exception, request: Any, method: str) -> Entry | None:
    """None when the call failed for another reason than that somebody said no."""
    if isinstance(error, Unauthenticated):
        return _entry("", method, {"code": "unauthenticated"})
    if not isinstance(error, Refusal):
        return None
    said = {"code": error.code, "kind": type(error).__name__, "rule": error.rule}
    return _entry(subject_of(request), method, said)


def _entry(subject: str, method: str, said: dict[str, str]) -> Entry:
    asked = {"method": method.rpartition("/")[2], **said}
    details = {name: code(value) for name, value in asked.items() if value}
    return Entry(action="call.refused", subject=subject, outcome=Outcome.REFUSED, details=details)


def subject_of(request: Any) -> str:
    """The id that the request names first; nothing else of what was sent is worth keeping."""
    descriptor = getattr(request, "DESCRIPTOR", None)
    first = descriptor.fields[0].name if descriptor and descriptor.fields else ""
    return code(str(getattr(request, first))) if first.endswith("_id") else ""


def source_of(context: grpc.ServicerContext) -> str:
    """Whose refusals are counted together: a caller's, or those from one address."""
    who = caller_or_nobody()
    address = str(context.peer()).rpartition(":")[0]
    return code(who.system or who.staff_id) or code(address) or "unknown"
