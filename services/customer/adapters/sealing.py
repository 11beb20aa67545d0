"""Personal data as it rests in the database: sealed per field, found by a blind index."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256

from services.customer.adapters.keyring import Keyring
from services.customer.domain.searching import SEARCHABLE

INDEX_KEY_BYTES = 32


class IndexKeys:
    """The key of the blind index, and the one before while the index is being made anew."""

    def __init__(self, current: bytes, previous: bytes = b"") -> None:
        self._keys = (current, previous) if previous else (current,)
        for key in self._keys:
            if len(key) != INDEX_KEY_BYTES:
                raise ValueError(f"a key of the index has {INDEX_KEY_BYTES} bytes")

    def of(self, kind: str, value: str) -> Sequence[bytes]:
        """The current one first; none for a value with nothing to look for."""
        written = SEARCHABLE[kind](value)
        if not written:
            return []
        about = f"{kind}:{written}".encode()
        return [hmac.digest(key, about, sha256) for key in self._keys]


class Sealer:
    """A fresh nonce each time; the place is authenticated with the value.

    A sealed text begins with the id of its key, so that keys can be changed one text at a
    time; the key knows its algorithm.
    """

    def __init__(self, keys: Keyring, index_keys: IndexKeys) -> None:
        self._keys = keys
        self._index_keys = index_keys

    @property
    def current_key(self) -> str:
        return self._keys.current().key_id

    def seal(self, text: str, place: str) -> str:
        """*place* names the row and the field; empty text stays empty."""
        if not text:
            return ""
        key_id, box = self._keys.current()
        return f"{key_id}.{b64encode(box.seal(text.encode(), place.encode())).decode()}"

    def open(self, sealed: str, place: str) -> str:
        """Raise InvalidTag when the text was sealed for another place or was tampered with."""
        if not sealed:
            return ""
        key_id, _, written = sealed.partition(".")
        return self._keys.of(key_id).open(b64decode(written), place.encode()).decode()

    def seal_file(self, content: bytes, place: str) -> bytes:
        key_id, box = self._keys.current()
        return key_id.encode() + b"." + box.seal(content, place.encode())

    def open_file(self, sealed: bytes, place: str) -> bytes:
        key_id, _, body = sealed.partition(b".")
        return self._keys.of(key_id.decode()).open(body, place.encode())

    def index(self, kind: str, value: str) -> bytes | None:
        """Equal for equal values of a kind, and telling nothing else; None for nothing."""
        return next(iter(self._index_keys.of(kind, value)), None)

    def indexes(self, kind: str, value: str) -> Sequence[bytes]:
        """What to look for: while the index key is being changed, a row has either of two."""
        return self._index_keys.of(kind, value)


def place_of(customer_id: str, field: str) -> str:
    return f"customer/{customer_id}/{field}"


def place_of_kyc(customer_id: str, kyc_id: str) -> str:
    return place_of(customer_id, f"kyc/{kyc_id}")


def place_of_unmasking(customer_id: str) -> str:
    return place_of(customer_id, "unmasking")


def place_of_file(import_id: str) -> str:
    return f"import/{import_id}"


def place_of_file_name(import_id: str) -> str:
    return f"import/{import_id}/file_name"
