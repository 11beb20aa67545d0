"""/operations/{service}: dead letters of a service, and replays of its event log."""

from typing import TYPE_CHECKING

from gateway.operation import Asked, Routes
from gateway.problems import Problem
from gateway.schemas import operations as schemas
from gateway.schemas.paging import PageAsked
from gateway.sentences import Sentence
from gateway.services import LONG_PATIENCE
from liheng.operations.v1 import operations_pb2 as pb

if TYPE_CHECKING:
    from liheng.operations.v1.operations_pb2_grpc import OperationsServiceAsyncStub

operations = Routes("operations")

READ, OPERATE = "bus.read", "bus.operate"
LETTERS = "/operations/{service}/dead-letters"
REPLAYS = "/operations/{service}/replays"


@operations.get(
    LETTERS,
    permission=READ,
    summary=Sentence("Events that could not be applied, oldest first", "死信列表"),
    query=schemas.DeadLettersAsked,
    shows=schemas.DeadLetters,
)
async def list_dead_letters(asked: Asked) -> pb.ListDeadLettersResponse:
    request = pb.ListDeadLettersRequest(**asked.query)
    return await asked.call(_stub(asked).ListDeadLetters, request, seconds=LONG_PATIENCE)


@operations.get(
    LETTERS + "/{event_id}",
    permission=READ,
    summary=Sentence("One dead letter with its headers and body", "死信详情"),
    shows=schemas.DeadLetterInFull,
)
async def get_dead_letter(asked: Asked) -> pb.GetDeadLetterResponse:
    request = pb.GetDeadLetterRequest(event_id=asked.path["event_id"])
    return await asked.call(_stub(asked).GetDeadLetter, request, seconds=LONG_PATIENCE)


@operations.post(
    LETTERS + "/replays",
    permission=OPERATE,
    summary=Sentence("Put dead letters back into the inbox", "重放死信"),
    body=schemas.LettersNamed,
    shows=schemas.SettledLetters,
)
async def replay_dead_letters(asked: Asked) -> pb.ReplayDeadLettersResponse:
    request = pb.ReplayDeadLettersRequest(**asked.body)
    return await asked.call(_stub(asked).ReplayDeadLetters, request, seconds=LONG_PATIENCE)


@operations.post(
    LETTERS + "/discards",
    permission=OPERATE,
    summary=Sentence("Let dead letters go for good, and say why", "丢弃死信"),
    body=schemas.LettersDiscarded,
    shows=schemas.SettledLetters,
)
async def discard_dead_letters(asked: Asked) -> pb.DiscardDeadLettersResponse:
    request = pb.DiscardDeadLettersRequest(**asked.body)
    return await asked.call(_stub(asked).DiscardDeadLetters, request, seconds=LONG_PATIENCE)


@operations.get(
    REPLAYS,
    permission=READ,
    summary=Sentence("Replays of the event log, newest first", "事件重放列表"),
    query=PageAsked,
    shows=schemas.EventReplays,
)
async def list_event_replays(asked: Asked) -> pb.ListReplaysResponse:
    return await asked.call(_stub(asked).ListReplays, pb.ListReplaysRequest(**asked.query))


@operations.get(
    REPLAYS + "/{replay_id}",
    permission=READ,
    summary=Sentence("How far a replay is", "事件重放进展"),
    shows=schemas.EventReplay,
)
async def get_event_replay(asked: Asked) -> pb.Replay:
    request = pb.GetReplayRequest(replay_id=asked.path["replay_id"])
    return (await asked.call(_stub(asked).GetReplay, request)).replay


@operations.post(
    REPLAYS,
    permission=OPERATE,
    summary=Sentence("Send a range of the event log once more, into one queue", "发起事件重放"),
    body=schemas.NewReplay,
    shows=schemas.EventReplay,
    status=202,
    example={"queue": "liheng.analytics.inbox", "since": "2026-11-01T00:00:00+08:00"},
)
async def order_event_replay(asked: Asked) -> pb.Replay:
    said = {name: value for name, value in asked.body.items() if value is not None}
    request = pb.OrderReplayRequest(replay_id=asked.line.id_of("event replay"), **said)
    return (await asked.call(_stub(asked).OrderReplay, request, seconds=LONG_PATIENCE)).replay


@operations.post(
    REPLAYS + "/{replay_id}/cancellations",
    permission=OPERATE,
    summary=Sentence("End a replay; what was sent stays sent", "取消事件重放"),
    shows=schemas.EventReplay,
)
async def cancel_event_replay(asked: Asked) -> pb.Replay:
    request = pb.CancelReplayRequest(replay_id=asked.path["replay_id"])
    return (await asked.call(_stub(asked).CancelReplay, request)).replay


def _stub(asked: Asked) -> "OperationsServiceAsyncStub":
    service = asked.path["service"]
    if service in asked.services.operations:
        return asked.services.operations[service]
    known = ", ".join(sorted(asked.services.operations))
    detail = Sentence(f"There is no such service; there are {known}", f"没有该服务，可选：{known}")
    raise Problem(404, "no_such_service", detail)
