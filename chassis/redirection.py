"""An event that could not be applied, on its way to a retry queue or to the dead letters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chassis import topology
from chassis.envelope import Unreadable
from chassis.errors import Refusal
from chassis.failures import described, may_pass
from chassis.ids import new_id
from chassis.publishing import Letter
from chassis.topology import Policy

ATTEMPT = "liheng:attempt"
REASON = "liheng:reason"
HANDLER = "liheng:handler"
FIRST_ERROR = "liheng:first-error"
LAST_ERROR = "liheng:last-error"
DIED_AT = "liheng:died-at"
OF_THE_BROKER = ("x-death", "x-first-death", "x-last-death", "x-delivery-count")

KEPT = (
    "message_id",
    "type",
    "app_id",
    "timestamp",
    "content_type",
    "content_encoding",
    "correlation_id",
)


@dataclass(frozen=True)
class Failure:
    """Why an event was not applied, and whether it is worth another attempt.

    *reason*: refused, exhausted, unreadable or unknown_type.
    """

    reason: str
    error: str
    event_type: str = "unreadable"
    handler: str = ""
    again: bool = False
    bug: Exception | None = None  # something we did not foresee, for the log

    @classmethod
    def of(cls, error: Exception, event_type: str, handler: str) -> "Failure":
        if isinstance(error, Unreadable):
            return cls("unreadable", described(error), event_type, handler)
        again = may_pass(error)
        reason = "exhausted" if again else "refused"
        bug = None if isinstance(error, Refusal) else error
        return cls(reason, described(error), event_type, handler, again, bug)


def next_delay(message: Any, failure: Failure, policy: Policy) -> float | None:
    """Seconds until the next attempt; None when there is none left."""
    attempt = attempt_of(message.headers or {})
    if not failure.again or attempt > len(policy.delays):
        return None
    return policy.delays[attempt - 1]


def retry_letter(message: Any, failure: Failure, service: str, delay: float) -> Letter:
    """To the waiting room of its next attempt."""
    told = _told(message, failure)
    return resend(
        message, topology.retry_queue_of(service, delay), told | {ATTEMPT: told[ATTEMPT] + 1}
    )


def waiting_letter(message: Any, service: str, delay: float) -> Letter:
    """The same attempt, later."""
    return resend(message, topology.retry_queue_of(service, delay), {})


def dead_letter(message: Any, failure: Failure, service: str) -> Letter:
    died = {REASON: failure.reason, DIED_AT: datetime.now(UTC).isoformat(timespec="seconds")}
    return resend(message, topology.dead_letters_of(service), _told(message, failure) | died)


def resend(message: Any, queue: str, headers: Mapping[str, Any]) -> Letter:
    """The same event to one queue, with more *headers*; what the broker noted on it is left out."""
    kept = {name: message.properties[name] for name in KEPT if name in message.properties}
    own = {k: v for k, v in (message.headers or {}).items() if k not in OF_THE_BROKER}
    properties = {
        "message_id": new_id(),
        **kept,
        "delivery_mode": 2,
        "application_headers": {**own, **headers},
    }
    body = message.body
    return Letter("", queue, body.encode() if isinstance(body, str) else bytes(body), properties)


def attempt_of(headers: Mapping[str, Any]) -> int:
    """1 for an event that comes for the first time."""
    attempt = headers.get(ATTEMPT, 1)
    return attempt if isinstance(attempt, int) and attempt > 0 else 1


def _told(message: Any, failure: Failure) -> dict[str, Any]:
    headers = message.headers or {}
    return {
        ATTEMPT: attempt_of(headers),
        HANDLER: failure.handler,
        FIRST_ERROR: headers.get(FIRST_ERROR, failure.error),
        LAST_ERROR: failure.error,
    }
