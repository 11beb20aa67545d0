"""What the gateway keeps under seal, by keys that may be changed while it runs."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.config import Key
from gateway.keys import derived

NONCE_BYTES = 12


@dataclass(frozen=True, kw_only=True)
class SealingKeys:
    """The same for every process of the gateway."""

    sealing_key: Key = field(repr=False)  # base64; seals, and opens
    previous_sealing_key: Key = field(default=Key(), repr=False)  # opens; only during a change

    @property
    def sealing_keys(self) -> tuple[Key, ...]:
        return tuple(key for key in (self.sealing_key, self.previous_sealing_key) if key)


class Cipher:
    """AES-256-GCM under the first key; opens what any of them has sealed."""

    def __init__(self, keys: Sequence[bytes], purpose: str) -> None:
        self._ciphers = [AESGCM(derived(key, purpose)) for key in keys]

    def seal(self, text: bytes, about: bytes = b"") -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._ciphers[0].encrypt(nonce, text, about)

    def open(self, sealed: bytes, about: bytes = b"") -> bytes:
        """Raise InvalidTag when none of the keys has sealed it, for this."""
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about)
            except (InvalidTag, ValueError):
                continue
        raise InvalidTag

    def is_current(self, sealed: bytes, about: bytes = b"") -> bool:
        try:
            self._ciphers[0].decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about)
        except (InvalidTag, ValueError):
            return False
        return True
