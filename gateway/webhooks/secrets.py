"""Signing secrets: made, sealed for the database, and used (Standard Webhooks 1.0, `v1`)."""

import hashlib
import hmac
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.keys import derived

PREFIX = "whsec_"
SECRET_BYTES, NONCE_BYTES = 32, 12


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

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(derived(key, "secrets of webhooks"))

    def sealed(self, secret: str, endpoint_id: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), endpoint_id.encode())

    def opened(self, sealed: bytes, endpoint_id: str) -> str:
        nonce, text = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        return self._cipher.decrypt(nonce, text, endpoint_id.encode()).decode()
