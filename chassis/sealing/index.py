"""A blind index: equal for equal values of a kind, and telling nothing else."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

INDEX_KEY_BYTES = 32

# The one form in which values of a kind are looked for, by kind.
Forms = Mapping[str, Callable[[str], str]]


class IndexKeys:
    """The key of the blind index, and the one before while the index is being made anew."""

    def __init__(self, forms: Forms, current: bytes, previous: bytes = b"") -> None:
        self._forms = forms
        self._keys = (current, previous) if previous else (current,)
        for key in self._keys:
            if len(key) != INDEX_KEY_BYTES:
                raise ValueError(f"a key of the index has {INDEX_KEY_BYTES} bytes")

    def of(self, kind: str, value: str) -> Sequence[bytes]:
        """The current one first; none for a value with nothing to look for."""
        written = self._forms[kind](value)
        if not written:
            return []
        about = f"{kind}:{written}".encode()
        return [hmac.digest(key, about, sha256) for key in self._keys]
