"""Moments between datetime and protobuf, without the slow generic conversion."""

from datetime import UTC, datetime, timedelta

from google.protobuf.timestamp_pb2 import Timestamp

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECONDS_A_DAY = 86_400


def stamp(at: datetime | None) -> Timestamp | None:
    if at is None:
        return None
    since = at - EPOCH
    seconds = since.days * SECONDS_A_DAY + since.seconds
    return Timestamp(seconds=seconds, nanos=since.microseconds * 1000)


def moment(timestamp: Timestamp) -> datetime:
    return EPOCH + timedelta(0, timestamp.seconds, timestamp.nanos // 1000)
