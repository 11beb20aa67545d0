"""What lies in an institution's offices beside its clients: books, handovers, a webhook."""

from functools import cache

import httpx
import sqlalchemy as sa

from liheng.customer.v1 import customer_pb2
from tests.customer.unit.books import book_of, xlsx
from tests.noninterference.cast import NOW, START, Handover, World, in_role
from tests.noninterference.ids import IDS
from tests.noninterference.stacks import Stack

OPERATIONS = in_role("operations")[0]
WEBHOOK = {"url": "https://hooks.example.com/crm", "types": ["liheng.product.v1.NavPublished"]}
REJECTED = ("", "", "", "", "", "", "", "")


def furnish(world: World, stack: Stack, administrator: str) -> dict[str, str]:
    """Ids of what was put there, by the name of the field that holds them."""
    found = {}
    if world.rejected:
        found["import_id"] = _import(world.rejected, stack)
    for handover in world.handovers:
        _hand_over(handover, stack)
        found["handover_id"] = handover.handover_id
    return found | _webhook(stack.http, administrator)


@cache
def book(rejected: int) -> bytes:
    """One in which as many rows cannot be read, and nobody can."""
    rows = [(f"K9{number:05d}", *REJECTED[1:]) for number in range(rejected)]
    return xlsx(book_of(rows, products=()))


def _import(rejected: int, stack: Stack) -> str:
    IDS.begin("import")
    pieces = [
        customer_pb2.StartImportRequest(file_name=f"台账{rejected}.xlsx"),
        customer_pb2.StartImportRequest(chunk=book(rejected)),
    ]
    started = stack.stream("customer", "StartImport", pieces, OPERATIONS)
    stack.deliver()
    return str(started.import_id)


def _hand_over(handover: Handover, stack: Stack) -> None:
    """Straight into the table: who may order it is not what is tried here."""
    row = {
        "handover_id": handover.handover_id,
        "from_adviser_id": handover.from_adviser,
        "to_adviser_id": handover.to_adviser,
        "to_team_id": "t-9",
        "to_branch_id": "b-9",
        "reason": "moves",
        "started_by": OPERATIONS.staff_id,
        "started_at": START,
        "finished_at": NOW,
        "customers": handover.moved,
        "moved": handover.moved,
        "skipped": 0,
    }
    names = ", ".join(row)
    places = ", ".join(f":{name}" for name in row)
    with stack.services["customer"].database.engine.begin() as connection:
        connection.execute(sa.text(f"INSERT INTO handovers ({names}) VALUES ({places})"), row)


def _webhook(http: httpx.Client, administrator: str) -> dict[str, str]:
    """Registered, with one delivery of a test."""
    IDS.begin("webhook")
    headers = {"authorization": f"Bearer {administrator}", "idempotency-key": "for-a-webhook"}
    made = http.post("/webhooks", json=WEBHOOK, headers=headers)
    webhook_id = made.raise_for_status().json()["webhook_id"]
    path = f"/webhooks/{webhook_id}/tests"
    sent = http.post(path, headers=headers)
    return {
        "webhook_id": str(webhook_id),
        "delivery_id": str(sent.raise_for_status().json()["delivery_id"]),
    }
