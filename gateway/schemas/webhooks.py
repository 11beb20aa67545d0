"""Webhooks, and what was delivered to them."""

from typing import Any

from marshmallow import fields, validate

from gateway.schemas import shown, taken
from gateway.schemas.paging import PageAsked
from gateway.sentences import Sentence
from gateway.webhooks.addresses import LONGEST
from gateway.webhooks.catalogue import TYPES

STATES = ("pending", "delivered", "failed")


class At(fields.AwareDateTime):
    """A moment out of the gateway's own database, or null."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=True, allow_none=True, **kwargs)


class Webhook(shown.Shown):
    webhook_id = shown.Id()
    url = shown.Text()
    types = shown.Words()
    description = shown.Text()
    state = shown.Text("enabled, disabled")
    disabled_reason = shown.Text("by_staff, gone, failing")
    failing_since = At()
    created_at = At()
    updated_at = At()


class WebhookWithSecret(Webhook):
    secret = shown.Text("shown now and never again")


class Attempt(shown.Shown):
    at = At()
    milliseconds = shown.Count()
    status = shown.Count()
    outcome = shown.Text(
        "taken, refused, gone, redirected, timeout, unreachable, unknown_host, forbidden_address,"
        " not_http"
    )


class Delivery(shown.Shown):
    delivery_id = shown.Id()
    event_id = shown.Text()
    type = shown.Text()
    state = shown.Text(", ".join(STATES))
    attempts = shown.Count()
    due_at = At()
    created_at = At()


class DeliveryWithAttempts(Delivery):
    tries = fields.List(fields.Nested(Attempt), required=True)


class Webhooks(shown.Shown):
    items = fields.List(fields.Nested(Webhook), required=True)
    next = shown.Text("the cursor of the next page")


class Deliveries(shown.Shown):
    items = fields.List(fields.Nested(Delivery), required=True)
    next = shown.Text("the cursor of the next page")


class Replayed(shown.Shown):
    deliveries = shown.Count()


def types(**kwargs: Any) -> taken.Words:
    error = Sentence("Must hold {min} to {max} entries", "须有 {min} 到 {max} 项")
    some = validate.Length(1, len(TYPES), error=error)
    return taken.Words(taken.Choice(*TYPES, required=True), validate=some, **kwargs)


class NewWebhook(taken.Strict):
    url = taken.Name(longest=LONGEST, required=True)
    types = types(required=True)
    description = taken.Text(longest=200)


class WebhookChange(taken.Strict):
    url = taken.Name(longest=LONGEST)
    types = types()
    description = taken.Text(longest=200)


class DeliveriesAsked(PageAsked):
    state = taken.Choice(*STATES)
    type = taken.Choice(*TYPES)
    event_id = taken.Id()


class Replay(taken.Strict):
    delivery_id = taken.Id()
    since = taken.Moment()
    until = taken.Moment()
    state = taken.Choice("delivered", "failed")
