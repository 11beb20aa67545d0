"""Signing secrets: made, sealed for the database, and used (Standard Webhooks 1.0, `v1`)."""

import hashlib
import hmac
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence

from cryptography.exceptions import InvalidTag

from gateway.sealing import Cipher

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    return PREFIX + b64encode(os.urandom(SECRET_BYTES)).decode()


def signatures(secrets: Iterable[str], message_id: str, at: int, body: bytes) -> str:
    """One per secret, so that a receiver may check with either while they change over."""
    signed = b"%s.%d.%s" % (message_id.encode(), at, body)
    return " ".join(f"v1,{_signature(secret, signed)}" for secret in secrets)


def _signature(secret: str, signed: bytes) -> str:
    key = b64decode(secret.removeprefix(PREFIX))
    return b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class Vault:
    """Seals each secret to its endpoint: one that is copied to another row does not open."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._cipher = Cipher(keys, "secrets of webhooks")

    def sealed(self, secret: str, endpoint_id: str) -> bytes:
        return self._cipher.seal(secret.encode(), endpoint_id.encode())

    def opened(self, sealed: bytes, endpoint_id: str) -> str:
        """Raise InvalidTag when it is another endpoint's, or its key is gone."""
        return self._cipher.open(sealed, endpoint_id.encode()).decode()

    def resealed(self, sealed: bytes, endpoint_id: str) -> bytes:
        """By the current key; as it is where it is already, or where no key opens it."""
        if self._cipher.is_current(sealed, endpoint_id.encode()):
            return sealed
        try:
            return self.sealed(self.opened(sealed, endpoint_id), endpoint_id)
        except InvalidTag:
            return sealed
