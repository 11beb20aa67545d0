"""A received client book is taken over, all of it or nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from chassis.errors import Invalid
from services.customer.domain.book.book import Book, clean, numbers_in
from services.customer.domain.book.problems import Problem
from services.customer.domain.events import CatalogueImported
from services.customer.domain.household import FamilyLink
from services.customer.domain.importing import Import, ImportResult, ImportState
from services.customer.usecases.ports import CustomerWork
from services.customer.usecases.take_over_customers import TakeOver, take_over_customers
from services.customer.usecases.take_over_positions import (
    take_over_holdings,
    take_over_transactions,
)


@dataclass(frozen=True, kw_only=True)
class ApplyImport:
    import_id: str
    new_id: Callable[[], str]
    today: date
    at: datetime


def apply_import(command: ApplyImport, work: CustomerWork) -> None:
    received = work.imports.get(command.import_id)
    if received.state is not ImportState.RECEIVED:
        return
    try:
        book = _book(command, work)
    except Invalid as refusal:
        reason = Problem(refusal.code, refusal.en, refusal.zh)
        work.announce(received.refuse(reason, command.at))
        work.imports.finish(received, [])
    else:
        _take_over(received, book, command, work)


def _book(command: ApplyImport, work: CustomerWork) -> Book:
    workbook = work.workbooks.read(work.imports.content(command.import_id))
    on_file = work.customers.holders(numbers_in(workbook))
    return clean(workbook, command.today, on_file)


def _take_over(received: Import, book: Book, command: ApplyImport, work: CustomerWork) -> None:
    _take_over_catalogue(book, command, work)
    taken = TakeOver(
        book=book,
        by=received.received_by,
        new_id=command.new_id,
        today=command.today,
        at=command.at,
    )
    take_over_customers(taken, work)
    take_over_holdings(taken, work)
    take_over_transactions(taken, work)
    work.households.link(_links(taken))
    for event in taken.events:
        work.announce(event)
    notes = [*book.notes, *taken.notes]
    result = ImportResult.of(
        book, notes, created=len(taken.created), updated=len(taken.updated - taken.created)
    )
    work.announce(received.apply(result, command.at))
    work.imports.finish(received, notes)


def _take_over_catalogue(book: Book, command: ApplyImport, work: CustomerWork) -> None:
    """Products that nobody knows yet; the product service lists them."""
    known = work.products.known()
    unknown = [product for product in book.products if product.product_id not in known]
    if unknown:
        work.products.put({product.product_id: product.name for product in unknown}, sequence=0)
        work.announce(CatalogueImported(command.import_id, unknown, command.at))


def _links(taken: TakeOver) -> Iterable[FamilyLink]:
    for link in taken.book.family:
        customer, member = taken.owner(link.customer_no), taken.owner(link.member_no)
        yield FamilyLink(customer.customer_id, member.customer_id, link.relation)
