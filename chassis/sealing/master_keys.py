"""Master keys wrap the data keys; they never touch personal data, nor the database."""

from collections.abc import Mapping
from typing import Protocol

from chassis.config import ConfigurationError
from chassis.sealing.algorithm import Algorithm
from chassis.sealing.ciphers import Box


class MasterKeys(Protocol):
    """What an institution's HSM or key service has to offer."""

    @property
    def current(self) -> str:
        """The id of the one that wraps what is new."""
        ...

    def wrap(self, key: bytes, about: bytes) -> bytes:
        """By the current one; *about* is authenticated, and needed again to unwrap."""
        ...

    def unwrap(self, wrapped: bytes, about: bytes, kek_id: str) -> bytes:
        """Raise ConfigurationError when *kek_id* is not known here."""
        ...


class ConfiguredMasterKeys:
    """Master keys from the configuration, the first one current: 32 bytes for AES, 16 for SM4."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._boxes = {kek_id: box_of(kek_id, key) for kek_id, key in keys.items()}
        self.current = next(iter(self._boxes))

    def wrap(self, key: bytes, about: bytes) -> bytes:
        return self._boxes[self.current].seal(key, about)

    def unwrap(self, wrapped: bytes, about: bytes, kek_id: str) -> bytes:
        if kek_id not in self._boxes:
            raise ConfigurationError(f"master key {kek_id} is needed and not configured")
        return self._boxes[kek_id].open(wrapped, about)


def box_of(kek_id: str, key: bytes) -> Box:
    by_length = {algorithm.key_bytes: algorithm for algorithm in Algorithm}
    if len(key) not in by_length:
        raise ConfigurationError(f"master key {kek_id} has neither 32 bytes (AES) nor 16 (SM4)")
    return Box(by_length[len(key)], key)
