"""Domain events in the words of proto/liheng/recording/v1/events.proto."""

from functools import singledispatch

from google.protobuf.message import Message

from chassis.moments import stamp
from liheng.recording.v1 import events_pb2 as pb
from services.recording.domain.events import RecordingAbandoned, RecordingOpened, RecordingSealed


@singledispatch
def to_message(event: object) -> Message:
    raise TypeError(f"{type(event).__name__} is not announced")


@to_message.register
def _(event: RecordingOpened) -> Message:
    return pb.RecordingOpened(
        recording_id=event.recording_id,
        sale_id=event.sale_id,
        customer_id=event.customer_id,
        product_id=event.product_id,
        opened_by=event.opened_by,
        at=stamp(event.at),
    )


@to_message.register
def _(event: RecordingSealed) -> Message:
    return pb.RecordingSealed(
        recording_id=event.recording_id,
        sale_id=event.sale_id,
        customer_id=event.customer_id,
        product_id=event.product_id,
        manifest_digest=event.seal.digest,
        retain_until=event.seal.retain_until.isoformat(),
        sealed_by=event.seal.by,
        at=stamp(event.seal.at),
    )


@to_message.register
def _(event: RecordingAbandoned) -> Message:
    return pb.RecordingAbandoned(
        recording_id=event.recording_id,
        sale_id=event.sale_id,
        at=stamp(event.at),
    )
