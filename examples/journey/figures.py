"""Steps 8 and 9: what the client holds, and what it adds up to."""

from decimal import Decimal

from examples.journey.api import Json, Unexpected, until
from examples.journey.deciding import PRIVATE_FUND
from examples.journey.selling import AMOUNT
from examples.journey.stage import ADVISER, MANAGEMENT, Stage

STEP = Decimal("0.2")  # how often progress is told


def wait_for_holding(stage: Stage, customer_id: str) -> None:
    def held() -> Json | None:
        view = stage.as_(ADVISER).get(f"/v1/customers/{customer_id}")
        mine = [h for h in view["holdings"] if h["product_id"] == PRIVATE_FUND]
        return view if mine else None

    view = until("the holding", held)
    if Decimal(view["customer"]["aum"]) != Decimal(AMOUNT):
        raise Unexpected(f"AUM is {view['customer']['aum']} instead of {AMOUNT}")
    stage.tell(f"360° view: {len(view['holdings'])} holding, AUM ¥{view['customer']['aum']}")


def total_aum(stage: Stage) -> Decimal:
    return Decimal(stage.as_(MANAGEMENT).get("/v1/analytics/aum")["total"])


def wait_for_aum(stage: Stage, expected: Decimal, what: str) -> None:
    try:
        until(what, lambda: total_aum(stage) == expected, seconds=180)
    except Unexpected as error:
        raise Unexpected(f"{error}: AUM is {total_aum(stage)}, not {expected}") from error


def wait_for_aum_at_least(stage: Stage, expected: Decimal) -> None:
    """The book's holdings reach the dashboards through events: thousands, in order."""
    told = Decimal(0)

    def arrived() -> bool:
        nonlocal told
        share = total_aum(stage) / expected
        if share - told >= STEP and share < 1:
            told = share
            stage.tell(f"  {share:.0%} of the book has reached the dashboards")
        return share >= 1

    until("the book reaching the dashboards", arrived, seconds=600)
    stage.tell(f"AUM on the dashboards, from events alone: ¥{total_aum(stage):,}")


def show(stage: Stage) -> None:
    management = stage.as_(MANAGEMENT)
    aum = management.get("/v1/analytics/aum")
    stage.tell(f"AUM ¥{Decimal(aum['total']):,}; by team this month:")
    latest = max(row["month"] for row in aum["items"])
    for row in aum["items"]:
        if row["month"] == latest:
            name = row["team_name"] or row["team_id"] or "—"
            stage.tell(f"  {row['month']} {name} ¥{Decimal(row['aum']):,}")
    funnel = management.get("/v1/analytics/funnel")
    stage.tell("funnel: " + " → ".join(f"{s['stage']} {s['count']}" for s in funnel["items"]))
    for row in management.get("/v1/analytics/product-sales")["items"][:3]:
        stage.tell(
            f"product {row['product_id']} {row['product_name'] or ''}: {row['confirmed']} sales, "
            f"¥{Decimal(row['amount']):,}, {row['rescinded']} rescinded"
        )
    for row in management.get("/v1/analytics/adviser-ranking")["items"][:5]:
        stage.tell(f"#{row['rank']} {row['adviser_name']} AUM ¥{Decimal(row['aum']):,}")
