"""Dead letters and replays of a service; ordering a replay has tests of its own."""

from liheng.operations.v1 import operations_pb2 as pb
from tests.gateway.cases.case import NOON_SHOWN, NOON_STAMP, Case

LETTER = pb.DeadLetter(
    event_id="e-1",
    type="liheng.customer.v1.KycApproved",
    reason="exhausted",
    handler="kyc_approved",
    attempt=4,
    last_error="LookupError: gone",
)
REPLAY = pb.Replay(
    replay_id="r-1",
    queue="warehouse",
    first=1,
    last=3_000_000_000,
    position=7,
    sent=7,
    state="running",
    requested_by="s-1",
    requested_at=NOON_STAMP,
)

CASES = [
    Case(
        operation="list_dead_letters",
        path="/operations/suitability/dead-letters",
        role="operations",
        query={"reason": "exhausted", "limit": "1"},
        rpc="ListDeadLetters",
        request=pb.ListDeadLettersRequest(reason="exhausted", limit=1),
        answer=pb.ListDeadLettersResponse(letters=[LETTER], next_cursor="1", waiting=2),
        shows={"next": "1", "waiting": 2},
    ),
    Case(
        operation="get_dead_letter",
        path="/operations/suitability/dead-letters/e-1",
        role="operations",
        rpc="GetDeadLetter",
        request=pb.GetDeadLetterRequest(event_id="e-1"),
        answer=pb.GetDeadLetterResponse(letter=LETTER, headers={"a": "b"}, body="{}"),
        shows={"headers": {"a": "b"}, "body": "{}"},
    ),
    Case(
        operation="replay_dead_letters",
        path="/operations/suitability/dead-letters/replays",
        role="operations",
        json={"event_ids": ["e-1", "e-2"]},
        rpc="ReplayDeadLetters",
        request=pb.ReplayDeadLettersRequest(event_ids=["e-1", "e-2"]),
        answer=pb.ReplayDeadLettersResponse(
            settled=[
                pb.SettledLetter(event_id="e-1", outcome="replayed"),
                pb.SettledLetter(event_id="e-2", outcome="not_there"),
            ]
        ),
        shows={
            "settled": [
                {"event_id": "e-1", "outcome": "replayed"},
                {"event_id": "e-2", "outcome": "not_there"},
            ]
        },
    ),
    Case(
        operation="discard_dead_letters",
        path="/operations/workflow/dead-letters/discards",
        role="operations",
        json={"event_ids": ["e-1"], "reason": "ticket:4711"},
        rpc="DiscardDeadLetters",
        request=pb.DiscardDeadLettersRequest(event_ids=["e-1"], reason="ticket:4711"),
        answer=pb.DiscardDeadLettersResponse(
            settled=[pb.SettledLetter(event_id="e-1", outcome="discarded")]
        ),
    ),
    Case(
        operation="list_event_replays",
        path="/operations/customer/replays",
        role="operations",
        query={"limit": "3"},
        rpc="ListReplays",
        request=pb.ListReplaysRequest(limit=3),
        answer=pb.ListReplaysResponse(replays=[REPLAY]),
    ),
    Case(
        operation="get_event_replay",
        path="/operations/customer/replays/r-1",
        role="operations",
        rpc="GetReplay",
        request=pb.GetReplayRequest(replay_id="r-1"),
        answer=pb.GetReplayResponse(replay=REPLAY),
        shows={"last": 3_000_000_000, "requested_at": NOON_SHOWN, "ended_at": None},
    ),
    Case(
        operation="cancel_event_replay",
        path="/operations/customer/replays/r-1/cancellations",
        role="operations",
        rpc="CancelReplay",
        request=pb.CancelReplayRequest(replay_id="r-1"),
        answer=pb.CancelReplayResponse(replay=REPLAY),
    ),
]
