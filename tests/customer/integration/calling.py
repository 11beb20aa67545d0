"""Calls CustomerService as the gateway does."""

from datetime import UTC, datetime
from typing import Any

from chassis.identity import Caller
from chassis.ids import new_id
from chassis.runner import Runner
from liheng.customer.v1 import customer_pb2 as pb
from liheng.customer.v1.customer_pb2_grpc import CustomerServiceStub
from services.customer.domain.staff import Assignment
from services.customer.usecases.apply_import import ApplyImport, apply_import
from services.customer.usecases.move_clients import MoveClients, move_clients
from tests.calling import as_caller, staff
from tests.customer.integration.stores import Begin
from tests.customer.unit.books import ADA, BO, TODAY, Rows, book_of, identity
from tests.customer.unit.people import WANG

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)  # the 24th in Shanghai
HOLDINGS: Rows = [
    ("K1", "P1", "10万", 105000.0),
    ("K2", "P1", 1.0, "200.50"),
    ("K9", "P1", 2.0, 3.0),
]
TRADES: Rows = [(f"2026-0{month}-05", "K1", "P1", "申购", "1万") for month in range(1, 6)]
WITH_ADVISER = Assignment("s-adviser", WANG.team_id, WANG.branch_id)
BOOK = book_of([ADA, BO, ("K9", *ADA[1:])], HOLDINGS, TRADES, [("K1", "子女", "K2")])


def in_role(role: str) -> tuple[tuple[str, str], ...]:
    """Somebody of 王俊's team and branch."""
    return as_caller(staff(f"s-{role}", role, team_id=WANG.team_id, branch_id=WANG.branch_id))


def named(value: object) -> str:
    """For the ids of tests: the same in every process."""
    return value.staff_id if isinstance(value, Caller) else str(value)


class Client:
    def __init__(self, stub: CustomerServiceStub, begin: Begin) -> None:
        self.stub = stub
        self.begin = begin

    def call(self, method: str, by: str | Caller = "adviser", /, **fields: Any) -> Any:
        request = getattr(pb, f"{method}Request")(**fields)
        metadata = as_caller(by) if isinstance(by, Caller) else in_role(by)
        return getattr(self.stub, method)(request, metadata=metadata)

    def upload(self, content: bytes, by: str = "operations", piece: int = 1000) -> str:
        pieces = [pb.StartImportRequest(file_name="book.xlsx")] + [
            pb.StartImportRequest(chunk=content[at : at + piece])
            for at in range(0, len(content), piece)
        ]
        return self.stub.StartImport(iter(pieces), metadata=in_role(by)).import_id

    def import_book(self, content: bytes) -> str:
        """Upload, and apply as the events process does."""
        import_id = self.upload(content)
        command = ApplyImport(import_id=import_id, new_id=new_id, today=TODAY, at=NOW)
        Runner(self.begin)(apply_import, command)
        return import_id

    def entrust(self, customer_id: str, to: Assignment = WITH_ADVISER) -> None:
        """Have them looked after by somebody, as after an assigned lead."""
        with self.begin() as work:
            customer = work.customers.get(customer_id)
            customer.assign(to, sequence=0, at=NOW)
            customer.onboard("lead", NOW)
            work.customers.save(customer)
            work.commit()

    def move_clients(self, handover_id: str, batch: int = 1) -> pb.Handover:
        """As the events process does, until all are moved."""
        while True:
            handover: pb.Handover = self.call(
                "GetHandover", "operations", handover_id=handover_id
            ).handover
            if handover.state == "finished":
                return handover
            command = MoveClients(handover_id=handover_id, new_id=new_id, at=NOW, batch=batch)
            Runner(self.begin)(move_clients, command)

    def customer(self, customer_no: str) -> pb.Customer:
        asked = self.call("ListCustomers", "compliance", q=customer_no)
        found: list[pb.Customer] = list(asked.customers)
        assert len(found) == 1
        return found[0]

    def listed(self, **wanted: Any) -> list[str]:
        """Customer numbers."""
        return [each.customer_no for each in self.call("ListCustomers", **wanted).customers]


def wang(staff_id: str = "s-adviser") -> pb.Staff:
    return pb.Staff(
        staff_id=staff_id,
        name=WANG.name,
        roles=WANG.roles,
        team_id=WANG.team_id,
        team_name=WANG.team_name,
        branch_id=WANG.branch_id,
        branch_name=WANG.branch_name,
        active=True,
    )


def kyc(customer_id: str, **otherwise: Any) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "name": "林 爱达",
        "identity_kind": "id_card",
        "identity_number": identity(1).lower(),
        "phone": "+86 139 0013 9000",
        "address": "浙江省杭州市西湖区文三路1号",
        "occupation": "engineer",
        "purpose": "long-term investment",
        "tax_residences": ["CN"],
        "beneficial_owner": "self",
        "consents": ["personal_data"],
        "facts": {"financial_assets": "5000000.00", "investing_years": "8", "capacity": "full"},
        **otherwise,
    }
