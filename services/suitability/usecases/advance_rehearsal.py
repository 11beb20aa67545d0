"""The next batch of a rehearsal: decisions of the past first, then every client and product."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from chassis.errors import Invalid
from chassis.scope import Custody
from services.suitability.domain.decision import decide
from services.suitability.domain.institution import Document, Institution
from services.suitability.domain.pack import Pack
from services.suitability.domain.rehearsal import (
    Part,
    Rehearsal,
    RehearsalState,
    RehearsedCase,
    Tally,
)
from services.suitability.domain.rehearsed_pack import rehearsed, standing
from services.suitability.domain.sale import Sale, read_sale
from services.suitability.domain.turn import turned
from services.suitability.usecases.eligible_products import offered
from services.suitability.usecases.known import terms, with_profile
from services.suitability.usecases.ports import Kept, SuitabilityWork
from services.suitability.usecases.rehearsal_ports import Past

DECISIONS_AT_ONCE = 500
PAIRS_AT_ONCE = 4000
CUSTOMERS_AT_ONCE = 200
PRODUCTS_AT_ONCE = 200


@dataclass(frozen=True, kw_only=True)
class AdvanceRehearsal:
    rehearsal_id: str
    at: datetime
    institution: Institution


@dataclass(frozen=True)
class Both:
    """The pack it is compared with, and the draft."""

    before: Pack
    after: Pack
    institution: Institution


def advance_rehearsal(command: AdvanceRehearsal, work: SuitabilityWork) -> None:
    rehearsal = work.rehearsals.claim(command.rehearsal_id)
    if rehearsal.state is not RehearsalState.RUNNING:
        return
    document = work.rule_packs.document(rehearsal.pack_id)
    if document.digest != rehearsal.digest:
        work.announce(rehearsal.stop(command.at))
        work.rehearsals.save(rehearsal)
        return
    day = rehearsal.first_day
    before = command.institution.packs.named(rehearsal.before)
    both = Both(standing(before, day), rehearsed(document, day), command.institution)
    step = live if rehearsal.past else past
    cases, over = step(rehearsal, both, work)
    work.rehearsals.keep(rehearsal, rehearsal.room(cases), Tally.of(cases))
    work.announce(rehearsal.advance(command.at, over=over))
    work.rehearsals.save(rehearsal)


def past(
    rehearsal: Rehearsal, both: Both, work: SuitabilityWork
) -> tuple[list[RehearsedCase], bool]:
    """Of several decisions on one sale the last counts."""
    since = both.institution.midnight(rehearsal.since) if rehearsal.since else None
    batch = work.rehearsals.past(rehearsal, since, DECISIONS_AT_ONCE)
    cases = [case for each in batch if each.last for case in of_decision(each, rehearsal, both)]
    rehearsal.decisions_done += len(batch)
    full = len(batch) == DECISIONS_AT_ONCE
    rehearsal.decided = batch[-1].decision_id if full else rehearsal.until
    return cases, False


def of_decision(each: Past, rehearsal: Rehearsal, both: Both) -> Iterator[RehearsedCase]:
    try:
        sale = read_sale(cast("Document", each.receipt["input"]))
    except (Invalid, KeyError, TypeError):
        rehearsal.unread += 1
        return
    part = Part.SALES if each.sale_id else Part.TRIALS
    yield from tried(
        sale,
        both,
        part=part,
        customer_id=each.customer_id,
        product_id=each.product_id,
        amount=each.amount,
        custody=each.custody,
        decision_id=each.decision_id,
        sale_id=each.sale_id,
    )


def live(
    rehearsal: Rehearsal, both: Both, work: SuitabilityWork
) -> tuple[list[RehearsedCase], bool]:
    shelf = list(products(work))
    wanted = max(1, min(CUSTOMERS_AT_ONCE, PAIRS_AT_ONCE // max(1, len(shelf))))
    batch = work.customers.after(rehearsal.offered, wanted)
    cases = [case for one in batch for case in of_customer(one, shelf, rehearsal, both, work)]
    rehearsal.customers_done += len(batch)
    rehearsal.pairs_done += len(batch) * len(shelf)
    rehearsal.offered = batch[-1].subject if batch else rehearsal.offered
    return cases, len(batch) < wanted


def products(work: SuitabilityWork) -> Iterator[Kept]:
    after = ""
    while chunk := work.products.after(after, PRODUCTS_AT_ONCE):
        yield from chunk
        after = chunk[-1].subject


def of_customer(
    known: Kept, shelf: Sequence[Kept], rehearsal: Rehearsal, both: Both, work: SuitabilityWork
) -> Iterator[RehearsedCase]:
    customer = with_profile(known, work)
    custody = work.custody.get(known.subject)
    for product in shelf:
        asked = offered("branch", "", product)
        try:
            given = both.institution.document(
                rehearsal.started_at, customer, terms(product, asked), asked
            )
            sale = read_sale(given)
        except Invalid:
            rehearsal.unread += 1
            continue
        yield from tried(
            sale,
            both,
            part=Part.LIVE,
            customer_id=known.subject,
            product_id=product.subject,
            amount=Decimal(str(asked.get("amount", "0"))),
            custody=custody,
        )


def tried(sale: Sale, both: Both, *, custody: Custody, **told: object) -> Iterator[RehearsedCase]:
    zone = both.institution.zone
    difference = turned(decide(sale, both.before, zone), decide(sale, both.after, zone))
    if difference is not None:
        yield RehearsedCase(
            turned=difference,
            adviser_id=custody.owner_id,
            branch_id=custody.branch_id,
            **cast("Mapping[str, object]", told),  # type: ignore[arg-type]
        )
