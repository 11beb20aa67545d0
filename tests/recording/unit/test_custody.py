"""Whom recording lets record, whatever order it is told of a sale and its client in."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from chassis.custodians import EndShare, KeepCustody, KeepShare, end_share, keep_custody, keep_share
from chassis.runner import Runner
from chassis.scope import Custody, Reach, Scope, Share
from services.recording.usecases.note_product import NoteProduct, note_product
from services.recording.usecases.note_sale import NoteSale, note_sale
from services.recording.usecases.ports import RecordingWork
from tests.recording.unit.fakes import FakeDatabase
from tests.recording.unit.studio import CUSTODY, FUND, NOON, SALE

CAIS = Custody("s-cai", "t-2", "b-1")
GRANT = Share(
    share_id="g-1",
    staff_id="s-bo",
    subject_id=SALE.customer_id,
    purpose="leave_cover",
    valid_from=NOON,
    valid_until=NOON + timedelta(days=1),
)
Told = Callable[[RecordingWork], object]
TOLD: list[Told] = [
    lambda work: note_product(NoteProduct(product=FUND, sequence=1), work),
    lambda work: note_sale(NoteSale(sale=SALE, sequence=1), work),
    lambda work: keep_custody(
        KeepCustody(subject_id=SALE.customer_id, custody=CUSTODY, sequence=1), work
    ),
    lambda work: keep_custody(
        KeepCustody(subject_id=SALE.customer_id, custody=CAIS, sequence=2), work
    ),
    lambda work: keep_share(KeepShare(share=GRANT, sequence=3), work),
    lambda work: end_share(EndShare(share_id="g-1", at=NOON, sequence=4), work),
]


@given(order=st.permutations(TOLD), again=st.lists(st.sampled_from(TOLD), max_size=4))
def test_the_newest_word_counts_in_whatever_order_it_comes(
    order: list[Told], again: list[Told]
) -> None:
    database = FakeDatabase()
    run = Runner(database.begin)

    for tell in [*order, *again]:
        run(lambda told, work: told(work), tell)

    for staff_id, seen in (("s-cai", True), ("s-ada", False), ("s-bo", False)):
        with database.begin(Scope(reach=Reach.OWN, staff_id=staff_id)) as work:
            assert (work.sales.find(SALE.sale_id) is not None) is seen
    assert database.contents.custody.granted_to("s-bo", NOON) == Scope()
