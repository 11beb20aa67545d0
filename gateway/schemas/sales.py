"""Sales 认购 and what they must pass."""

from gateway.schemas import shown, taken
from gateway.schemas.paging import PageAsked, sorted_by

STATES = (
    "drafted",
    "decided",
    "recorded",
    "signed",
    "paid",
    "cooling_off",
    "callback",
    "confirmed",
    "rescinded",
    "refused",
)


class Gate(shown.Shown):
    name = shown.Text("decision, recording, disclosure, cooling_off, callback, …")
    state = shown.Text("open, passed")
    rule_id = shown.Text()
    parameters = shown.Pairs()
    missing_en = shown.Text()
    missing_zh = shown.Text()
    to_confirm = shown.Words()
    holds_up = shown.Text("signature, confirmation, nothing")


class CallbackMade(shown.Shown):
    outcome = shown.Text("succeeded, failed")
    by = shown.Text()
    at = shown.Moment()
    method = shown.Text("recorded_phone, email, letter")
    answers = shown.Pairs()
    reason = shown.Text()


class Sale(shown.Shown):
    sale_id = shown.Id()
    customer_id = shown.Id()
    product_id = shown.Id()
    adviser_id = shown.Text()
    team_id = shown.Text()
    amount = shown.Amount()
    channel = shown.Text("branch, online, phone")
    initiated_by = shown.Text("client, staff")
    state = shown.Text(", ".join(STATES))
    gates = shown.Parts(Gate)
    decision_id = shown.Text()
    recording_id = shown.Text()
    contract_number = shown.Text()
    signed_at = shown.Moment()
    payment_reference = shown.Text("masked unless the caller's work needs account data")
    paid_at = shown.Moment()
    cooling_off_until = shown.Moment()
    callbacks = shown.Parts(CallbackMade)
    units = shown.Amount()
    nav = shown.Amount()
    confirmed_on = shown.Day()
    refund_amount = shown.Amount()
    closed_reason = shown.Text()
    version = shown.Count()
    created_at = shown.Moment()
    updated_at = shown.Moment()


class SalesAsked(PageAsked):
    sort = sorted_by("created_at", "amount")
    state = taken.Choice(*STATES)
    adviser_id = taken.Id()
    team_id = taken.Id()
    customer_id = taken.Id()
    product_id = taken.Id()


class Draft(taken.Strict):
    customer_id = taken.Id(required=True)
    product_id = taken.Id(required=True)
    amount = taken.Amount(required=True)
    channel = taken.Choice("branch", "online", "phone", required=True)
    initiated_by = taken.Choice("client", "staff", required=True)


class Signature(taken.Strict):
    contract_number = taken.Name(longest=100, required=True)
    disclosures_confirmed = taken.Words()


class Payment(taken.Strict):
    amount = taken.Amount(required=True)
    payment_reference = taken.Name(longest=100, required=True)


class Callback(taken.Strict):
    outcome = taken.Choice("succeeded", "failed", required=True)
    method = taken.Choice("recorded_phone", "email", "letter", required=True)
    answers = taken.Pairs()
    reason = taken.Name(longest=500)


class Confirmation(taken.Strict):
    units = taken.Amount(required=True)
    nav = taken.Amount(required=True)
    confirmed_on = taken.Day(required=True)


class Rescission(taken.Strict):
    reason = taken.Name(longest=500, required=True)
