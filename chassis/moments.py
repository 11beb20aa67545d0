"""Moments between datetime and protobuf, without the slow generic conversion."""

from datetime import UTC, datetime, timedelta

from google.protobuf.timestamp_pb2 import Timestamp

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def stamp(at: datetime | None) -> Timestamp | None:
    if at is None:
        return None
    micros = (at - EPOCH) // MICROSECOND
    seconds, rest = divmod(micros, 1_000_000)
    return Timestamp(seconds=seconds, nanos=rest * 1000)


def moment(timestamp: Timestamp) -> datetime:
    whole = datetime.fromtimestamp(timestamp.seconds, UTC)
    return whole.replace(microsecond=timestamp.nanos // 1000) if timestamp.nanos else whole
