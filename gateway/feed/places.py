"""Where a client has read to, as an id that tells nobody how much happens elsewhere."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag

from gateway.sealing import Cipher

OFFSET_BYTES = 8


class Places:
    """Offsets of the stream, sealed: every process of the gateway reads those of the others."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._cipher = Cipher(keys, "places in the feed")

    def sealed(self, offset: int) -> str:
        return urlsafe_b64encode(self._cipher.seal(offset.to_bytes(OFFSET_BYTES))).decode()

    def opened(self, place: str) -> int | None:
        """None when it was not given out by us."""
        try:
            return int.from_bytes(self._cipher.open(urlsafe_b64decode(place)))
        except (ValueError, InvalidTag):
            return None
