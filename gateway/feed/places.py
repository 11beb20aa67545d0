"""Where a client has read to, as an id that tells nobody how much happens elsewhere."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.keys import derived

NONCE_BYTES, OFFSET_BYTES = 12, 8


class Places:
    """Offsets of the stream, sealed: every process of the gateway reads those of the others."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(derived(key, "places in the feed"))

    def sealed(self, offset: int) -> str:
        nonce = os.urandom(NONCE_BYTES)
        said = self._cipher.encrypt(nonce, offset.to_bytes(OFFSET_BYTES), None)
        return urlsafe_b64encode(nonce + said).decode()

    def opened(self, place: str) -> int | None:
        """None when it was not given out by us."""
        try:
            sealed = urlsafe_b64decode(place)
            offset = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
        except (ValueError, InvalidTag):
            return None
        return int.from_bytes(offset)
