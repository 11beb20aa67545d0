"""The authenticated ciphers that personal data, and the keys to it, are sealed with."""

import os
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.sealing.algorithm import Algorithm

NONCE_BYTES = 12
TAG_BYTES = 16


class Aead(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...


class Sm4Gcm:
    """SM4 (GB/T 32907) in Galois/counter mode, the tag behind the text as AESGCM writes it."""

    def __init__(self, key: bytes) -> None:
        self._key = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        sealing = Cipher(self._key, modes.GCM(nonce)).encryptor()
        sealing.authenticate_additional_data(associated_data)
        return sealing.update(data) + sealing.finalize() + sealing.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        if len(data) < TAG_BYTES:
            raise InvalidTag
        opening = Cipher(self._key, modes.GCM(nonce, data[-TAG_BYTES:])).decryptor()
        opening.authenticate_additional_data(associated_data)
        return opening.update(data[:-TAG_BYTES]) + opening.finalize()


class Box:
    """One key, and a fresh nonce each time, written in front; the place is authenticated only.

    Nonces are random: a key should seal no more than 2³² texts (NIST SP 800-38D, 8.3).
    """

    def __init__(self, algorithm: Algorithm, key: bytes) -> None:
        if len(key) != algorithm.key_bytes:
            raise ValueError(f"a key for {algorithm} has {algorithm.key_bytes} bytes")
        of_aes = algorithm is Algorithm.AES_256_GCM
        self._cipher: Aead = AESGCM(key) if of_aes else Sm4Gcm(key)

    def seal(self, text: bytes, place: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text, place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """Raise InvalidTag when it was sealed for another place or was tampered with."""
        nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        if len(nonce) < NONCE_BYTES:
            raise InvalidTag
        return self._cipher.decrypt(nonce, body, place)


def new_key(algorithm: Algorithm) -> bytes:
    return os.urandom(algorithm.key_bytes)
