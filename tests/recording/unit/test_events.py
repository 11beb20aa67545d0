from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from chassis.custodians import EndShare, KeepCustody, KeepShare, end_share, keep_custody, keep_share
from chassis.dependencies import injected
from chassis.moments import stamp
from chassis.scope import Custody, Share
from chassis.subscriptions import Meta, types_of
from liheng.customer.v1 import events_pb2 as customer_pb
from liheng.product.v1 import events_pb2 as product_pb
from liheng.workflow.v1 import events_pb2 as workflow_pb
from services.recording.domain.known import Insurance, Product, Sale
from services.recording.domain.regime import ProductKind
from services.recording.domain.script import ScriptNode
from services.recording.entrypoints.events import RecordingEvents
from services.recording.usecases.end_sale import EndSale, end_sale
from services.recording.usecases.note_product import NoteProduct, note_product
from services.recording.usecases.note_sale import NoteSale, note_sale
from services.recording.usecases.sweep_uploads import SweepUploads
from tests.recording.unit.studio import NOON

META = Meta("e-1", "sale-1", 7, NOON, "workflow")


class Heard:
    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []

    def __call__(self, usecase: object, command: object, *, once: str | None = None) -> None:
        self.calls.append((usecase, command, once))


@pytest.fixture
def heard() -> Heard:
    return Heard()


def listener(heard: Heard, sweep: Callable[[object], None] = print) -> RecordingEvents:
    now: Callable[[], datetime] = lambda: NOON  # noqa: E731
    return injected(RecordingEvents, run=heard, now=now, sweep=sweep)


def test_a_listed_product_is_noted_with_its_script(heard: Heard) -> None:
    event = product_pb.ProductListed(
        product_id="P1",
        kind="insurance",
        insurance=product_pb.InsuranceTerms(line="life", design="universal", term_years=20),
        script=[product_pb.ScriptNode(node_id="risks", title_zh="风险", answer_required=True)],
    )

    listener(heard).product_listed(event, META)

    node = ScriptNode("risks", "风险", "", "", True)
    product = Product(
        product_id="P1",
        kind=ProductKind.INSURANCE,
        script=(node,),
        insurance=Insurance("life", "universal", 20),
    )
    assert heard.calls == [(note_product, NoteProduct(product=product, sequence=7), "e-1")]


def test_a_drafted_sale_is_noted(heard: Heard) -> None:
    event = workflow_pb.SaleDrafted(sale_id="sale-1", customer_id="c-1", product_id="P1")

    listener(heard).sale_drafted(event, META)

    sale = Sale(sale_id="sale-1", customer_id="c-1", product_id="P1")
    assert heard.calls == [(note_sale, NoteSale(sale=sale, sequence=7), "e-1")]


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        ("customer_onboarded", customer_pb.CustomerOnboarded),
        ("adviser_changed", customer_pb.AdviserChanged),
    ],
)
def test_who_looks_after_a_client_is_kept(heard: Heard, method: str, kind: Any) -> None:
    event = kind(customer_id="c-1", adviser_id="s-ada", team_id="t-1", branch_id="b-1")

    getattr(listener(heard), method)(event, META)

    command = KeepCustody(subject_id="c-1", custody=Custody("s-ada", "t-1", "b-1"), sequence=7)
    assert heard.calls == [(keep_custody, command, "e-1")]


def test_a_grant_is_kept_and_taken_back(heard: Heard) -> None:
    granted = customer_pb.AccessGranted(
        grant_id="g-1",
        staff_id="s-bo",
        adviser_id="s-ada",
        purpose="leave_cover",
        valid_from=stamp(NOON),
        valid_until=stamp(NOON),
    )

    listener(heard).access_granted(granted, META)
    listener(heard).access_ended(customer_pb.AccessEnded(grant_id="g-1", at=stamp(NOON)), META)

    share = Share(
        share_id="g-1",
        staff_id="s-bo",
        owner_id="s-ada",
        purpose="leave_cover",
        valid_from=NOON,
        valid_until=NOON,
    )
    assert heard.calls == [
        (keep_share, KeepShare(share=share, sequence=7), "e-1"),
        (end_share, EndShare(share_id="g-1", at=NOON, sequence=7), "e-1"),
    ]


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        ("sale_rescinded", workflow_pb.SaleRescinded),
        ("sale_refused", workflow_pb.SaleRefused),
        ("sale_confirmed", workflow_pb.SaleConfirmed),
    ],
)
def test_a_sale_that_ends_is_noted(heard: Heard, method: str, kind: Any) -> None:
    event = kind(sale_id="sale-1", customer_id="c-1", product_id="P1", at=stamp(NOON))

    getattr(listener(heard), method)(event, META)

    sale = Sale(sale_id="sale-1", customer_id="c-1", product_id="P1", ended=True)
    assert heard.calls == [(end_sale, EndSale(sale=sale, sequence=7, at=NOON), "e-1")]


def test_the_timer_sweeps_at_the_time_of_the_clock(heard: Heard) -> None:
    swept: list[object] = []

    listener(heard, swept.append).sweep_uploads()

    assert swept == [SweepUploads(at=NOON)]


def test_it_listens_to_sales_products_and_who_serves_their_clients() -> None:
    assert types_of(RecordingEvents) == {
        "liheng.customer.v1.AccessEnded",
        "liheng.customer.v1.AccessGranted",
        "liheng.customer.v1.AdviserChanged",
        "liheng.customer.v1.CustomerOnboarded",
        "liheng.product.v1.ProductListed",
        "liheng.workflow.v1.SaleDrafted",
        "liheng.workflow.v1.SaleRescinded",
        "liheng.workflow.v1.SaleRefused",
        "liheng.workflow.v1.SaleConfirmed",
    }
