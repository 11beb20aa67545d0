"""Access to clients: unmasking 明文查看, grants for a time 临时授权, handovers 客户移交."""

from gateway.schemas import shown, taken
from gateway.schemas.paging import PageAsked

FIELDS = ("name", "identity_number", "phone", "wechat", "address")
UNMASKING_PURPOSES = (
    "contact",
    "callback",
    "kyc_review",
    "complaint",
    "regulator",
    "correction",
)
GRANT_PURPOSES = ("leave_cover", "handover", "complaint", "inspection", "audit")
REASONS = ("leaves", "moves", "reorganisation")
MOST_LISTED = 1000  # clients of a handover that are named one by one


class NewUnmasking(taken.Strict):
    fields_ = taken.Words(
        taken.Choice(*FIELDS, required=True),
        least=1,
        required=True,
        data_key="fields",
        attribute="fields",
    )
    purpose = taken.Choice(*UNMASKING_PURPOSES, required=True)
    note = taken.Name(longest=500)


class Unmasked(shown.Shown):
    """In clear what was asked for; null what was not, or what nobody knows."""

    name = shown.Text()
    identity_number = shown.Text()
    phone = shown.Text()
    wechat = shown.Text()
    address = shown.Text()


class AccessGrant(shown.Shown):
    """One client, or all that an adviser looks after, opened to a member of staff for a time."""

    grant_id = shown.Id()
    staff_id = shown.Id()
    customer_id = shown.Text()
    adviser_id = shown.Text()
    purpose = shown.Text(", ".join(GRANT_PURPOSES))
    valid_from = shown.Moment()
    valid_until = shown.Moment()
    granted_by = shown.Text()
    granted_at = shown.Moment()
    ended_by = shown.Text()
    ended_at = shown.Moment()
    active = shown.Flag()


class AccessGrantsAsked(PageAsked):
    staff_id = taken.Id()
    customer_id = taken.Id()
    adviser_id = taken.Id()
    active = taken.Said()


class NewAccessGrant(taken.Strict):
    """Either customer_id or adviser_id."""

    staff_id = taken.Id(required=True)
    customer_id = taken.Id()
    adviser_id = taken.Id()
    purpose = taken.Choice(*GRANT_PURPOSES, required=True)
    valid_from = taken.Moment()
    valid_until = taken.Moment(required=True)


class Handover(shown.Shown):
    handover_id = shown.Id()
    from_adviser_id = shown.Id()
    to_adviser_id = shown.Id()
    reason = shown.Text(", ".join(REASONS))
    access_until = shown.Moment()
    started_by = shown.Text()
    started_at = shown.Moment()
    finished_at = shown.Moment()
    state = shown.Text("running, finished")
    customers = shown.Count()
    moved = shown.Count()
    skipped = shown.Count()


class NewHandover(taken.Strict):
    """Without customer_ids: all clients of the adviser."""

    from_adviser_id = taken.Id(required=True)
    to_adviser_id = taken.Id(required=True)
    customer_ids = taken.Words(taken.Id(required=True), most=MOST_LISTED)
    reason = taken.Choice(*REASONS, required=True)
    access_until = taken.Moment()
