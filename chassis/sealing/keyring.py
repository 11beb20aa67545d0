"""The keys a running process seals and opens with."""

from collections.abc import Mapping
from threading import Lock
from time import monotonic
from typing import NamedTuple, Protocol

from chassis.sealing.algorithm import Algorithm
from chassis.sealing.ciphers import Box
from chassis.sealing.data_keys import DataKey, DataKeys
from chassis.sealing.data_keys import current as newest

FRESH_SECONDS = 1.0


class UnknownKey(Exception):
    """Something was sealed with a key that is not in the table."""


class Named(NamedTuple):
    key_id: str
    box: Box


class Keyring(Protocol):
    def current(self) -> Named:
        """What seals now."""
        ...

    def of(self, key_id: str) -> Box:
        """Raise UnknownKey when there is none."""
        ...


class FixedKeyring:
    """AES keys that were given once."""

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        self._boxes = {key_id: Box(Algorithm.AES_256_GCM, key) for key_id, key in keys.items()}
        self._current = Named(current, self._boxes[current])

    def current(self) -> Named:
        return self._current

    def of(self, key_id: str) -> Box:
        return self._boxes[key_id]


class SqlKeyring:
    """Data keys as the table has them: what opens is kept, what seals is asked for each second."""

    def __init__(self, keys: DataKeys) -> None:
        self._keys = keys
        self._known: dict[str, DataKey] = {}
        self._boxes: dict[str, Box] = {}
        self._current = ""
        self._read_at = float("-inf")
        self._one_at_a_time = Lock()

    def current(self) -> Named:
        if self._stale():
            with self._one_at_a_time:
                if self._stale():
                    self._read()
        key_id = self._current
        return Named(key_id, self.of(key_id))

    def of(self, key_id: str) -> Box:
        return self._boxes.get(key_id) or self._unwrapped(key_id)

    def _unwrapped(self, key_id: str) -> Box:
        with self._one_at_a_time:
            if key_id not in self._known:
                self._read()
            if key_id not in self._known:
                raise UnknownKey(f"personal data names a key that is not there: {key_id[:32]}")
            box = self._boxes[key_id] = self._keys.box(self._known[key_id])
            return box

    def _stale(self) -> bool:
        return monotonic() - self._read_at > FRESH_SECONDS

    def _read(self) -> None:
        keys = self._keys.all()
        self._known = {key.key_id: key for key in keys}
        self._current = newest(keys).key_id
        self._read_at = monotonic()
