"""What the feed says of an event: that a thing is in another state, and nothing personal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson
from google.protobuf.message import Message

from chassis.envelope import Incoming, parse
from liheng.customer.v1 import events_pb2 as customer
from liheng.suitability.v1 import events_pb2 as suitability
from liheng.workflow.v1 import events_pb2 as workflow

# What a caller must be allowed to read to be told of it.
PERMISSIONS = {
    "lead": "lead.read",
    "sale": "sale.read",
    "import": "import.read",
    "risk_profile": "profile.read",
}


@dataclass(frozen=True)
class Hint:
    """*customer_id* says whose client it is about; empty when it is about everybody's."""

    type: str
    subject: str
    state: str
    at: datetime
    customer_id: str

    def shown(self) -> bytes:
        told = {"type": self.type, "subject": self.subject, "state": self.state, "at": self.at}
        return orjson.dumps(told, option=orjson.OPT_UTC_Z)


@dataclass(frozen=True)
class Said:
    """Of which thing an event speaks, and the state it is in now; *state* is empty when the event
    says it itself.
    """

    message: type[Message]
    thing: str
    state: str = ""


SAID = (
    Said(workflow.LeadCreated, "lead", "new"),
    Said(workflow.LeadAssigned, "lead", "assigned"),
    Said(workflow.LeadContacted, "lead", "contacted"),
    Said(workflow.LeadQualified, "lead", "qualified"),
    Said(workflow.LeadDropped, "lead", "dropped"),
    Said(workflow.SaleDrafted, "sale", "drafted"),
    Said(workflow.SaleMoved, "sale"),
    Said(workflow.SaleSigned, "sale", "signed"),
    Said(workflow.SalePaid, "sale", "paid"),
    Said(workflow.CallbackSucceeded, "sale", "callback"),
    Said(workflow.CallbackFailed, "sale", "callback"),
    Said(workflow.SaleConfirmed, "sale", "confirmed"),
    Said(workflow.SaleRescinded, "sale", "rescinded"),
    Said(workflow.SaleRefused, "sale", "refused"),
    Said(suitability.ProfileAssessed, "risk_profile", "assessed"),
    Said(suitability.LevelConfirmed, "risk_profile", "confirmed"),
    Said(suitability.AssessmentExpiring, "risk_profile", "expiring"),
    Said(suitability.ProfileExpired, "risk_profile", "expired"),
    Said(customer.BookReceived, "import", "received"),
    Said(customer.BookApplied, "import", "applied"),
    Said(customer.BookRefused, "import", "refused"),
)
BY_TYPE: Mapping[str, Said] = {said.message.DESCRIPTOR.full_name: said for said in SAID}


def hint_of(said: Said, incoming: Incoming) -> tuple[Hint, Message]:
    """The event, too, for who looks after its client."""
    event = parse(said.message, incoming)
    hint = Hint(
        type=said.thing,
        subject=incoming.meta.subject,
        state=said.state or str(getattr(event, "state")),  # noqa: B009
        at=incoming.meta.time,
        customer_id=str(getattr(event, "customer_id", "")),
    )
    return hint, event
