"""Step 2, continued: who sees the new client, and how much of them."""

from datetime import timedelta

from examples.journey.api import Unexpected, until
from examples.journey.stage import (
    ADVISER,
    AUDITOR,
    COLLEAGUE,
    MANAGEMENT,
    TEAM_LEADER,
    Stage,
)


def show_who_sees(stage: Stage, customer_id: str) -> None:
    path = f"/v1/customers/{customer_id}"
    if stage.as_(COLLEAGUE).find(path) is not None:
        raise Unexpected("a colleague sees a client of somebody else")
    stage.tell("another adviser of the same team: no such customer")
    full, masked = (named(stage, who, path) for who in (TEAM_LEADER, MANAGEMENT))
    if masked == full or not masked.endswith("**"):
        raise Unexpected("management is shown the name of a client")
    stage.tell(f"the team leader sees {full}, management sees {masked}")
    unmask(stage, path)
    find_in_trail(stage, customer_id)
    lend(stage, customer_id)


def named(stage: Stage, staff_id: str, path: str) -> str:
    return str(stage.as_(staff_id).get(path)["customer"]["name"])


def unmask(stage: Stage, path: str) -> None:
    asked = {"fields": ["phone"], "purpose": "contact", "note": "to agree on a meeting"}
    masked = stage.as_(ADVISER).get(path)["customer"]["phone"]
    shown = stage.as_(ADVISER).post(f"{path}/unmaskings", asked)["phone"]
    if "*" in shown or shown[:3] != masked[:3]:
        raise Unexpected("what was unmasked is not what was masked")
    stage.tell(f"the adviser sees {masked}; in clear only for a purpose")


def find_in_trail(stage: Stage, customer_id: str) -> None:
    found = stage.as_(AUDITOR).get(
        "/v1/trail", service="customer", action="customer.unmasked", subject=customer_id
    )
    (entry,) = found["items"]
    shown = ", ".join(entry["details"]["fields"])
    stage.tell(f"the auditor finds it: {entry['actor']} saw {shown} for {entry['purpose']}")


def lend(stage: Stage, customer_id: str) -> None:
    """The leader opens the client to the colleague for a week, and takes it back."""
    leader, colleague = stage.as_(TEAM_LEADER), stage.as_(COLLEAGUE)
    grant = leader.post(
        "/v1/access-grants",
        {
            "staff_id": COLLEAGUE,
            "customer_id": customer_id,
            "purpose": "leave_cover",
            "valid_until": (stage.now() + timedelta(days=7)).isoformat(),
        },
    )
    path = f"/v1/customers/{customer_id}"
    until("the colleague seeing the client", lambda: colleague.find(path))
    leader.post(f"/v1/access-grants/{grant['grant_id']}/endings")
    until("the client closing again", lambda: colleague.find(path) is None)
    stage.tell("opened to a colleague for a week of leave, and closed again")
