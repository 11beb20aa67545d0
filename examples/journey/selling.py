"""Steps 6 to 8: signed, paid, cooled off, called back, confirmed — or rescinded."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from examples.journey import deciding
from examples.journey.api import Json, Unexpected, until
from examples.journey.recording import record
from examples.journey.stage import ADVISER, OPERATIONS, SERVICE_DESK, Stage

ZONE = ZoneInfo("Asia/Shanghai")
AMOUNT = "1200000.00"
NAV = "1.2000"
UNITS = "1000000.00"
NOT_FOR_THE_CLIENT = {"decision", "recording", "cooling_off", "callback", "inspection"}
CALLBACK_ITEMS = (
    "identity",
    "own_signature",
    "read_contract_and_risks",
    "tolerance_matches",
    "fees_rights_disclosure",
    "possible_loss",
    "cooling_off_rights",
    "dispute_route",
)


def sell(stage: Stage, customer_id: str, *, show_refusals: bool) -> str:
    """Draft, decide, record, sign and pay; answers the sale id."""
    sale_id = draft(stage, customer_id)
    if show_refusals:
        refuse_signature(stage, sale_id, "signing without a decision")
    allow(stage, customer_id, sale_id)
    if show_refusals:
        refuse_signature(stage, sale_id, "signing without a recording")
    stage.step(5, "The sale is recorded 双录")
    record(stage, sale_id)
    stage.step(6, "Signed and paid")
    sign(stage, reach(stage, sale_id, "recorded"))
    pay(stage, sale_id)
    return sale_id


def draft(stage: Stage, customer_id: str) -> str:
    sale = stage.as_(ADVISER).post_once_known(
        "/v1/sales",
        {
            "customer_id": customer_id,
            "product_id": deciding.PRIVATE_FUND,
            "amount": AMOUNT,
            "channel": "branch",
            "initiated_by": "client",
        },
    )
    return str(sale["sale_id"])


def refuse_signature(stage: Stage, sale_id: str, why: str) -> None:
    stage.refusal(
        why, stage.as_(ADVISER).refused(f"/v1/sales/{sale_id}/signatures", contract(sale_id))
    )


def contract(sale_id: str) -> Json:
    return {"contract_number": f"HT-{sale_id[-8:]}"}


def allow(stage: Stage, customer_id: str, sale_id: str) -> None:
    allowed = deciding.decide(
        stage,
        customer_id,
        deciding.PRIVATE_FUND,
        sale_id=sale_id,
        amount=AMOUNT,
        initiated_by="client",
        steps=[],
    )
    deciding.expect(allowed, "ALLOW")
    stage.tell(f"receipt {allowed['decision_id']}, digest {allowed['digest']}")
    reach(stage, sale_id, "decided")


def sign(stage: Stage, sale: Json) -> None:
    confirmed = to_confirm(sale)
    stage.as_(ADVISER).post(
        f"/v1/sales/{sale['sale_id']}/signatures",
        {**contract(sale["sale_id"]), "disclosures_confirmed": confirmed},
    )
    stage.tell(f"signed; the client confirmed {', '.join(confirmed)}")


def pay(stage: Stage, sale_id: str) -> None:
    payment = {"amount": AMOUNT, "payment_reference": f"PAY-{sale_id[-8:]}"}
    stage.as_(OPERATIONS).post(f"/v1/sales/{sale_id}/payments", payment)
    paid = reach(stage, sale_id, "cooling_off")
    stage.tell(f"paid ¥{AMOUNT}; cooling-off until {paid['cooling_off_until']}")


def to_confirm(sale: Json) -> list[str]:
    """What the client confirms with the signature, because the decision asks for it."""
    owed = [gate for gate in sale["gates"] if gate["name"] not in NOT_FOR_THE_CLIENT]
    named = [(gate["parameters"].get("items") or gate["name"]).split(",") for gate in owed]
    return sorted({item.strip() for items in named for item in items})


def reach(stage: Stage, sale_id: str, state: str) -> Json:
    """Wait until the sale is in the state."""
    path = f"/v1/sales/{sale_id}"

    def there() -> Json | None:
        sale = stage.as_(ADVISER).get(path)
        return sale if sale["state"] == state else None

    return until(f"the sale becoming {state}", there)


def callback() -> Json:
    return {
        "outcome": "succeeded",
        "method": "recorded_phone",
        "answers": dict.fromkeys(CALLBACK_ITEMS, "yes"),
    }


def show_early_and_wrong_callbacks(stage: Stage, sale_id: str) -> None:
    path = f"/v1/sales/{sale_id}/callbacks"
    stage.refusal(
        "the service desk calls inside the cooling-off",
        stage.as_(SERVICE_DESK).refused(path, callback()),
    )
    stage.refusal("the adviser makes the callback", stage.as_(ADVISER).refused(path, callback()))


def rescind(stage: Stage, sale_id: str) -> None:
    rescinded = stage.as_(SERVICE_DESK).post(
        f"/v1/sales/{sale_id}/rescissions", {"reason": "the client changed their mind"}
    )
    if Decimal(rescinded["refund_amount"]) != Decimal(AMOUNT):
        raise Unexpected(f"the refund is not full: {rescinded['refund_amount']}")
    stage.tell(
        f"another client rescinds inside the cooling-off: ¥{rescinded['refund_amount']} refunded"
    )


def end_cooling_off(stage: Stage, sale_id: str) -> None:
    sale = stage.as_(ADVISER).get(f"/v1/sales/{sale_id}")
    until_when = datetime.fromisoformat(sale["cooling_off_until"])
    left = until_when - stage.now() + timedelta(seconds=1)
    if left > timedelta(0):
        stage.forward(left)
        stage.tell(f"the stack's clock moves forward by {str(left).split('.')[0]}")
    reach(stage, sale_id, "callback")


def call_back_and_confirm(stage: Stage, sale_id: str) -> None:
    path = f"/v1/sales/{sale_id}"
    stage.as_(SERVICE_DESK).post(f"{path}/callbacks", callback())
    stage.tell("callback by the service desk: all eight questions answered yes")
    stage.step(8, "Shares confirmed, the holding appears")
    confirmed = stage.as_(OPERATIONS).post(
        f"{path}/confirmations",
        {"units": UNITS, "nav": NAV, "confirmed_on": local_day(stage)},
    )
    stage.tell(f"{confirmed['units']} units at {confirmed['nav']}: sale {confirmed['state']}")


def local_day(stage: Stage) -> str:
    return stage.now().astimezone(ZONE).date().isoformat()
