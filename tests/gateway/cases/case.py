"""One operation, asked rightly."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOON_STAMP = Timestamp(seconds=int(NOON.timestamp()))
NOON_SHOWN = "2026-11-23T12:00:00Z"


@dataclass(frozen=True, kw_only=True)
class Case:
    operation: str
    path: str
    role: str
    rpc: str
    request: Message
    answer: Message
    status: int = 200
    json: dict[str, Any] | None = None
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    shows: dict[str, Any] = field(default_factory=dict)  # part of what is shown
    location: str = ""
