"""Personal data as it rests in the database: sealed per field, found by a blind index."""

import json
from base64 import b64encode
from binascii import a2b_base64
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag

from chassis.config import ConfigurationError
from chassis.sealing.index import IndexKeys
from chassis.sealing.keyring import Keyring, Named, UnknownKey
from chassis.sealing.unreadable import unreadable

DOES_NOT_OPEN = (InvalidTag, UnknownKey, ConfigurationError, ValueError)


class Sealer:
    """A fresh nonce each time; the place is authenticated with the value.

    A sealed text begins with the id of its key, so that keys can be changed one text at a
    time; the key knows its algorithm.
    """

    def __init__(self, keys: Keyring, index_keys: IndexKeys | None = None) -> None:
        self._keys = keys
        self._index_keys = index_keys

    @property
    def current_key(self) -> str:
        return self._current().key_id

    def seal(self, text: str, place: str) -> str:
        """*place* names the row and the field; empty text stays empty."""
        if not text:
            return ""
        key_id, box = self._current()
        return f"{key_id}.{b64encode(box.seal(text.encode(), place.encode())).decode()}"

    def open(self, sealed: str, place: str) -> str:
        """Raise Unreadable when its key is away, or it was tampered with or moved here."""
        if not sealed:
            return ""
        key_id, _, written = sealed.partition(".")
        try:
            return self._keys.of(key_id).open(a2b_base64(written), place.encode()).decode()
        except DOES_NOT_OPEN as error:
            raise unreadable(key_id, place, error) from None

    def seal_json(self, value: Any, place: str) -> str:
        """What is empty stays empty."""
        return self.seal(json.dumps(value, ensure_ascii=False) if value else "", place)

    def open_json(self, sealed: str, place: str) -> Any:
        """None where nothing was sealed."""
        return json.loads(self.open(sealed, place)) if sealed else None

    def seal_file(self, content: bytes, place: str) -> bytes:
        key_id, box = self._current()
        return key_id.encode() + b"." + box.seal(content, place.encode())

    def open_file(self, sealed: bytes, place: str) -> bytes:
        """As open() does."""
        key_id, _, body = sealed.partition(b".")
        try:
            return self._keys.of(key_id.decode()).open(body, place.encode())
        except DOES_NOT_OPEN as error:
            raise unreadable(key_id.decode(errors="replace"), place, error) from None

    def index(self, kind: str, value: str) -> bytes | None:
        """Equal for equal values of a kind, and telling nothing else; None for nothing."""
        return next(iter(self.indexes(kind, value)), None)

    def indexes(self, kind: str, value: str) -> Sequence[bytes]:
        """What to look for: while the index key is being changed, a row has either of two."""
        if self._index_keys is None:
            raise ValueError("nothing is indexed here")
        return self._index_keys.of(kind, value)

    def _current(self) -> Named:
        """Raise Unreadable when it does not open under any master key there is."""
        try:
            return self._keys.current()
        except DOES_NOT_OPEN as error:
            raise unreadable("current", "data key", error) from None
