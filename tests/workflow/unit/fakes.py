"""Leads, sales and the register in memory, behaving as those in PostgreSQL."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime

from chassis.scope import EVERYTHING, Custody, Scope
from chassis.versions import changed_meanwhile
from services.workflow.adapters.database import no_such_lead, no_such_sale
from services.workflow.domain.actor import NOBODY, Adviser
from services.workflow.domain.history import Change
from services.workflow.domain.lead import Lead
from services.workflow.domain.register import Product, StaffMember
from services.workflow.domain.sale import Sale
from services.workflow.domain.sale_states import SaleState
from services.workflow.usecases.ports import Announcement
from tests.custodies import FakeCustodies
from tests.memory import WorkInMemory
from tests.workflow.begin import Begin


@dataclass
class Seer:
    """Who the work is done for."""

    custody: FakeCustodies
    scope: Scope = EVERYTHING

    def sees_client(self, customer_id: str) -> bool:
        return self.custody.sees(self.scope, customer_id)

    def sees_lead(self, lead: Lead) -> bool:
        adviser = lead.adviser
        if adviser == NOBODY and lead.registered_by == self.scope.staff_id != "":
            return True
        custody = Custody(adviser.staff_id, adviser.team_id, adviser.branch_id)
        return self.scope.covers(custody, lead.customer_id)

    def served_by(self, customer_id: str) -> Adviser:
        custody = self.custody.get(customer_id)
        return Adviser(custody.owner_id, custody.team_id, custody.branch_id)


class FakeLeads:
    def __init__(self, seer: Seer) -> None:
        self.seer = seer
        self.rows: dict[str, Lead] = {}
        self.history: dict[str, list[Change]] = {}

    def get(self, lead_id: str) -> Lead:
        if lead_id not in self.rows or not self.seer.sees_lead(self.rows[lead_id]):
            raise no_such_lead()
        return deepcopy(self.rows[lead_id])

    def claim_of_customer(self, customer_id: str) -> Sequence[Lead]:
        theirs = sorted(
            lead_id for lead_id, lead in self.rows.items() if lead.customer_id == customer_id
        )
        return [self.get(lead_id) for lead_id in theirs]

    def add(self, lead: Lead) -> bool:
        if lead.lead_id in self.rows:
            return False
        self._keep(lead)
        return True

    def save(self, lead: Lead) -> None:
        if self.rows[lead.lead_id].version != lead.version:
            raise changed_meanwhile()
        self._keep(lead)

    def _keep(self, lead: Lead) -> None:
        lead.version += 1
        self.history.setdefault(lead.lead_id, []).extend(lead.changes)
        lead.changes.clear()
        self.rows[lead.lead_id] = deepcopy(lead)


class FakeSales:
    def __init__(self, seer: Seer) -> None:
        self.seer = seer
        self.rows: dict[str, Sale] = {}
        self.history: dict[str, list[Change]] = {}

    def get(self, sale_id: str) -> Sale:
        sale = deepcopy(self.rows.get(sale_id))
        if sale is None or not self.seer.sees_client(sale.terms.customer_id):
            raise no_such_sale()
        sale.served_by = self.seer.served_by(sale.terms.customer_id)
        return sale

    def claim(self, sale_id: str) -> Sale:
        return self.get(sale_id)

    def claim_cooled_off(self, at: datetime, limit: int) -> Sequence[Sale]:
        waiting = [sale for sale in self.rows.values() if sale.state is SaleState.COOLING_OFF]
        until = {sale.terms.sale_id: sale.cooling_off_until or at for sale in waiting}
        over = sorted((until[sale_id], sale_id) for sale_id in until if until[sale_id] <= at)
        return [self.get(sale_id) for _, sale_id in over[:limit]]

    def add(self, sale: Sale) -> None:
        self._keep(sale)

    def save(self, sale: Sale) -> None:
        if self.rows[sale.terms.sale_id].version != sale.version:
            raise changed_meanwhile()
        self._keep(sale)

    def _keep(self, sale: Sale) -> None:
        sale.version += 1
        self.history.setdefault(sale.terms.sale_id, []).extend(sale.changes)
        sale.changes.clear()
        self.rows[sale.terms.sale_id] = deepcopy(sale)


class FakeRegister:
    def __init__(self, seer: Seer) -> None:
        self.seer = seer
        self.staff: dict[str, tuple[int, StaffMember]] = {}
        self.products: dict[str, tuple[int, Product]] = {}
        self.customers: set[str] = set()
        self.kyc: dict[str, tuple[int, date | None]] = {}

    def staff_member(self, staff_id: str) -> StaffMember | None:
        return self.staff.get(staff_id, (0, None))[1]

    def put_staff_member(self, member: StaffMember, sequence: int) -> None:
        if sequence > self.staff.get(member.staff_id, (-1,))[0]:
            self.staff[member.staff_id] = (sequence, member)

    def product(self, product_id: str) -> Product | None:
        return self.products.get(product_id, (0, None))[1]

    def put_product(self, product: Product, sequence: int) -> None:
        if sequence > self.products.get(product.product_id, (-1,))[0]:
            self.products[product.product_id] = (sequence, product)

    def served_by(self, customer_id: str) -> Adviser | None:
        seen = customer_id in self.customers and self.seer.sees_client(customer_id)
        return self.seer.served_by(customer_id) if seen else None

    def put_customer(self, customer_id: str, sequence: int) -> None:
        self.customers.add(customer_id)

    def kyc_expires_on(self, customer_id: str) -> date | None:
        return self.kyc.get(customer_id, (0, None))[1]

    def put_kyc(self, customer_id: str, expires_on: date | None, sequence: int) -> None:
        if sequence > self.kyc.get(customer_id, (-1,))[0]:
            self.kyc[customer_id] = (sequence, expires_on)


class FakeWork(WorkInMemory[Announcement]):
    def __init__(self) -> None:
        self.custody = FakeCustodies()
        self.seer = Seer(self.custody)
        self.leads = FakeLeads(self.seer)
        self.sales = FakeSales(self.seer)
        self.register = FakeRegister(self.seer)
        super().__init__()


def fake_begin(shared: FakeWork | None = None) -> Begin:
    work = shared or FakeWork()

    @contextmanager
    def begin(scope: Scope = EVERYTHING) -> Iterator[FakeWork]:
        work.forget_uncommitted()
        work.seer.scope = scope
        yield work

    return begin
