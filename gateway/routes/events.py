"""/events: what changes, as it happens, for front-ends."""

from starlette.responses import Response

from gateway.endpoint import Door, not_permitted
from gateway.feed.feed import Feed
from gateway.feed.hints import PERMISSIONS
from gateway.feed.listener import Wish
from gateway.feed.response import HEADERS, EventStream
from gateway.operation import Asked, Routes
from gateway.schemas import events as schemas
from gateway.sentences import Sentence

PERMISSION = "events.read"

events = Routes("events")


@events.get(
    "/events",
    permission=PERMISSION,
    summary=Sentence("Hear of leads, sales and imports that change", "订阅线索、认购与导入的变更"),
    query=schemas.EventsAsked,
    streams="Server-sent events: lead, sale, import {type, subject, state, at}, and reset",
    refusals=frozenset({429}),
)
async def listen(asked: Asked) -> Response:
    """As long as the caller may; what they may not read they do not hear of."""
    if asked.request.method == "HEAD":
        return Response(headers=HEADERS, media_type=EventStream.media_type)
    door: Door = asked.request.app.state.door
    feed: Feed = asked.request.app.state.feed
    wish = Wish(types_of(asked), asked.query.get("subject") or "")
    after = asked.headers.get("last_event_id") or ""
    session = await door.entrance.session(asked.request)
    listener = await feed.listen(asked.caller, wish, after, lambda: door.entrance.still(session))
    return EventStream(listener, lambda: feed.audience.leave(listener))


def types_of(asked: Asked) -> frozenset[str]:
    """Those asked for, or all that the caller may read."""
    wished = asked.query.get("types")
    may = asked.permissions.of(asked.caller.roles)
    if not wished:
        return frozenset(kind for kind, needed in PERMISSIONS.items() if needed in may)
    types = frozenset(wished.split(","))
    for kind in sorted(types):
        if PERMISSIONS[kind] not in may:
            raise not_permitted(PERMISSIONS[kind])
    return types
