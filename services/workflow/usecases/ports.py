"""What the use cases of leads and sales need from the outside world.

Leads, sales and customers that the caller may not see are not there; for events and timers
everything is.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from chassis.custodians import CustodyWork
from services.workflow.domain.actor import Adviser
from services.workflow.domain.lead import Lead
from services.workflow.domain.lead_events import LeadEvent
from services.workflow.domain.register import Product, StaffMember
from services.workflow.domain.sale import Sale
from services.workflow.domain.sale_events import SaleEvent

Announcement = LeadEvent | SaleEvent


class Leads(Protocol):
    def get(self, lead_id: str) -> Lead:
        """Raise NotFound when there is none."""
        ...

    def claim_of_customer(self, customer_id: str) -> Sequence[Lead]:
        """Nobody else saves them until this work ends."""
        ...

    def add(self, lead: Lead) -> bool:
        """False when there is one with this id already; nothing is added then."""
        ...

    def save(self, lead: Lead) -> None:
        """Raise Conflict when somebody else saved it since it was read."""
        ...


class Sales(Protocol):
    def get(self, sale_id: str) -> Sale:
        """Raise NotFound when there is none."""
        ...

    def claim(self, sale_id: str) -> Sale:
        """As get, but nobody else saves it until this work ends: an event must not lose."""
        ...

    def claim_cooled_off(self, at: datetime, limit: int) -> Sequence[Sale]:
        """Sales whose cooling-off is over, and that nobody else has claimed."""
        ...

    def add(self, sale: Sale) -> None: ...

    def save(self, sale: Sale) -> None:
        """Raise Conflict when somebody else saved it since it was read."""
        ...


class Register(Protocol):
    """Copies of what other services own; of two writes the one with the larger sequence stays."""

    def staff_member(self, staff_id: str) -> StaffMember | None: ...

    def put_staff_member(self, member: StaffMember, sequence: int) -> None: ...

    def product(self, product_id: str) -> Product | None: ...

    def put_product(self, product: Product, sequence: int) -> None: ...

    def served_by(self, customer_id: str) -> Adviser | None:
        """Who looks after a customer; None when the caller sees no such customer."""
        ...

    def put_customer(self, customer_id: str, sequence: int) -> None: ...

    def kyc_expires_on(self, customer_id: str) -> date | None:
        """The first day an approved KYC no longer counts; None when none was approved."""
        ...

    def put_kyc(self, customer_id: str, expires_on: date | None, sequence: int) -> None: ...


class WorkflowWork(CustodyWork, Protocol):
    @property
    def leads(self) -> Leads: ...

    @property
    def sales(self) -> Sales: ...

    @property
    def register(self) -> Register: ...

    def announce(self, event: Announcement) -> None: ...
