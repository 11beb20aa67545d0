"""The trail, as auditors and compliance read it."""

from marshmallow import fields

from gateway.schemas import shown, taken
from gateway.schemas.paging import sorted_by

TRAILS = (
    "analytics",
    "customer",
    "gateway",
    "product",
    "recording",
    "suitability",
    "workflow",
)
MOST = 199  # one more is asked for, to see whether there are others


class TrailAsked(taken.Strict):
    service = taken.Choice(*TRAILS)
    actor = taken.Id()
    action = taken.Id()
    subject = taken.Id()
    outcome = taken.Choice("done", "refused")
    since = taken.Moment(data_key="from")
    until = taken.Moment(data_key="to")
    sort = sorted_by("at")
    limit = taken.Count(1, MOST, strict=False)
    cursor = taken.Text(longest=500)


class TrailEntry(shown.Shown):
    service = shown.Id()
    entry_id = shown.Count()
    at = shown.Moment()
    actor = shown.Text("staff id; null when a system acted")
    roles = shown.Words()
    system = shown.Text("of the institution, one of our services, or a role of the database")
    usecase = shown.Text()
    trace_id = shown.Text()
    request_id = shown.Text()
    action = shown.Text()
    subject = shown.Text("the id of what it is about")
    purpose = shown.Text()
    outcome = shown.Text("done, refused")
    details = fields.Dict(required=True)
    position = shown.Count()


class TrailPage(shown.Shown):
    items = shown.Parts(TrailEntry)
    next = shown.Text("cursor of the next page, null at the end")
    away = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "services that did not answer; their entries are missing"},
    )


class Announced(shown.Shown):
    day = shown.Day()
    position = shown.Count()
    digest = shown.Text()


class Verified(shown.Shown):
    at = shown.Moment()
    position = shown.Count()
    found = shown.Text("intact, changed, missing, inserted, reordered, replaced")


class TrailHead(shown.Shown):
    service = shown.Id()
    position = shown.Count()
    digest = shown.Text("SHA-256, hexadecimal; null while nothing is linked")
    waiting = shown.Count()
    announced = shown.Part(Announced)
    verified = shown.Part(Verified)


class TrailHeads(shown.Shown):
    items = shown.Parts(TrailHead)
    away = fields.List(fields.String(), required=True)
