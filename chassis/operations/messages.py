"""Dead letters and replays in the words of proto/liheng/operations/v1/operations.proto."""

from collections.abc import Mapping
from typing import Any

from chassis.dead_letters import DeadLetter, text_of
from chassis.moments import moment, stamp
from chassis.replay.orders import Order, Replay
from liheng.operations.v1 import operations_pb2 as pb

MOST = 2**31 - 1  # a header may hold any number


def letter_message(letter: DeadLetter) -> pb.DeadLetter:
    told = vars(letter) | {"type": letter.event_type, "attempt": min(letter.attempt, MOST)}
    told.pop("event_type")
    return pb.DeadLetter(**told)


def shown_message(message: Any) -> pb.GetDeadLetterResponse:
    headers = {str(name): str(value) for name, value in (message.headers or {}).items()}
    return pb.GetDeadLetterResponse(
        letter=letter_message(DeadLetter.of(message)), headers=headers, body=text_of(message.body)
    )


def settled_messages(outcomes: Mapping[str, str]) -> list[pb.SettledLetter]:
    return [pb.SettledLetter(event_id=name, outcome=done) for name, done in outcomes.items()]


def wanted(request: pb.OrderReplayRequest) -> Order:
    return Order(
        queue=request.queue,
        types=list(request.types),
        subject=request.subject,
        first=request.first if request.HasField("first") else None,
        last=request.last if request.HasField("last") else None,
        since=moment(request.since) if request.HasField("since") else None,
        until=moment(request.until) if request.HasField("until") else None,
        rate=request.rate,
    )


def replay_message(replay: Replay) -> pb.Replay:
    told = dict(vars(replay))
    del told["due_at"]
    told["requested_at"] = stamp(replay.requested_at)
    told["ended_at"] = replay.ended_at and stamp(replay.ended_at)
    return pb.Replay(**told)
