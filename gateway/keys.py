"""Keys for single purposes, derived from the one the gateway is given."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


def derived(key: bytes, purpose: str) -> bytes:
    """256 bits that tell nothing of *key* nor of what is derived for another purpose."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(key)
