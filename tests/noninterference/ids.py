"""Ids and times that depend on nothing but what they are made for."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from tests.noninterference.cast import NOW


class Ids:
    """UUIDs of version 7 that depend on nothing but what they are made for."""

    def __init__(self) -> None:
        self._purpose, self._made = "", 0

    def begin(self, purpose: str) -> None:
        self._purpose, self._made = purpose, 0

    def __call__(self) -> UUID:
        self._made += 1
        digest = sha256(f"{self._purpose}:{self._made}".encode()).digest()
        bits = int.from_bytes(digest[:16], "big") & ~(0xF000C << 60) | (0x70008 << 60)
        moment = 0x019AB0000000 + self._made
        return UUID(int=(bits & ((1 << 80) - 1)) | (moment << 80))


IDS = Ids()


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now
