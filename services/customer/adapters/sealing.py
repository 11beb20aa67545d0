"""Personal data as it rests in the database: sealed per field, found by a blind index."""

import hmac
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32


class Sealer:
    """AES-256-GCM, a fresh nonce each time; the place is authenticated with the value.

    A sealed text begins with the id of its key, so that keys can be changed one text at a
    time. *keys* holds every key that may still be needed, *current* seals what is new.
    """

    def __init__(self, keys: Mapping[str, bytes], current: str, index_key: bytes) -> None:
        for key in (*keys.values(), index_key):
            if len(key) != KEY_BYTES:
                raise ValueError(f"keys for personal data have {KEY_BYTES} bytes")
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = current
        self._index_key = index_key

    def seal(self, text: str, place: str) -> str:
        """*place* names the row and the field; empty text stays empty."""
        return self._write(text.encode(), place) if text else ""

    def open(self, sealed: str, place: str) -> str:
        """Raise InvalidTag when the text was sealed for another place or was tampered with."""
        return self._read(sealed, place).decode() if sealed else ""

    def seal_file(self, content: bytes, place: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, content, place.encode())
        return self._current.encode() + b"." + nonce + sealed

    def open_file(self, sealed: bytes, place: str) -> bytes:
        key_id, _, rest = sealed.partition(b".")
        nonce, body = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
        return self._ciphers[key_id.decode()].decrypt(nonce, body, place.encode())

    def index(self, kind: str, value: str) -> bytes | None:
        """Equal for equal values of a kind, and telling nothing else; None for nothing."""
        if not value:
            return None
        return hmac.digest(self._index_key, f"{kind}:{value}".encode(), sha256)

    def _write(self, text: bytes, place: str) -> str:
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, text, place.encode())
        return f"{self._current}.{b64encode(nonce + sealed).decode()}"

    def _read(self, sealed: str, place: str) -> bytes:
        key_id, _, written = sealed.partition(".")
        both = b64decode(written)
        nonce, body = both[:NONCE_BYTES], both[NONCE_BYTES:]
        return self._ciphers[key_id].decrypt(nonce, body, place.encode())


def place_of(customer_id: str, field: str) -> str:
    return f"customer/{customer_id}/{field}"
