"""One client served from lead to holding, over the public REST API."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import httpx

from examples.journey import book, deciding, figures, onboarding, seeing, selling
from examples.journey.stage import Stage


def walk(
    gateway_url: str,
    sign_in: Callable[[str], str],
    now: Callable[[], datetime],
    forward: Callable[[timedelta], None],
    say: Callable[[str], None],
) -> None:
    """Walk the main job; raise Unexpected at the first thing that is not as it must be.

    *sign_in* answers a bearer token for a staff id; *now* and *forward* read and move the
    stack's clock; *say* takes one line of the story at a time.
    """
    with httpx.Client(base_url=gateway_url, timeout=90) as gateway:
        stage = Stage(gateway, sign_in, now, forward, say)
        come_in(stage)
        serve(stage)
        stage.step(9, "What it adds up to")
        figures.show(stage)


def come_in(stage: Stage) -> None:
    stage.step(1, "The institution's client book is imported")
    book.load_institution(stage)
    imported = book.import_book(stage)
    figures.wait_for_aum_at_least(stage, Decimal(imported["result"]["aum"]))


def serve(stage: Stage) -> None:
    stage.step(2, "Two leads become customers")
    ours = onboarding.become_customer(stage)
    other = onboarding.become_customer(stage)
    seeing.show_who_sees(stage, ours)
    stage.step(3, "The clients answer the risk questionnaire")
    for customer_id in (ours, other):
        onboarding.be_assessed(stage, customer_id)
    stage.step(4, "Products are matched")
    deciding.list_products(stage)
    deciding.show_block_and_require(stage, ours)
    before = figures.total_aum(stage)
    sale = selling.sell(stage, ours, show_refusals=True)
    stage.step(7, "Cooling-off, rescission, callback")
    selling.show_early_and_wrong_callbacks(stage, sale)
    selling.rescind(stage, selling.sell(stage.quietly(), other, show_refusals=False))
    selling.end_cooling_off(stage, sale)
    selling.call_back_and_confirm(stage, sale)
    figures.wait_for_holding(stage, ours)
    figures.wait_for_aum(stage, before + Decimal(selling.AMOUNT), "AUM moving by the sale")
    stage.tell(f"AUM moved by exactly ¥{Decimal(selling.AMOUNT):,}")
