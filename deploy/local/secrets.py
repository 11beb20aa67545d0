"""Passwords and keys of this stack: made at random when first asked for, then kept."""

import base64
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deploy.local.authority import Authority

PUBLIC_MEMBERS = ("kty", "crv", "x")


@dataclass(frozen=True)
class Secrets:
    """One file per secret, readable by its owner only."""

    folder: Path

    def password(self, name: str) -> str:
        return self._kept(f"{name}-password", lambda: secrets.token_urlsafe(24))

    def key(self, name: str) -> str:
        """256 random bits, in base64."""
        return self._kept(f"{name}-key", lambda: base64.b64encode(os.urandom(32)).decode())

    def kept(self, name: str) -> str:
        """Empty when it was never made."""
        path = self.folder / name
        return path.read_text() if path.exists() else ""

    def signing_key(self) -> str:
        """The private Ed25519 JWK that callers are signed with."""
        return self._kept("caller-signing-key", new_signing_key)

    def verifying_key(self) -> str:
        """Its public half."""
        private = json.loads(self.signing_key())
        return json.dumps({name: private[name] for name in PUBLIC_MEMBERS})

    def authority(self) -> "Authority":
        """Issues the certificates of this stack's processes."""
        from deploy.local.authority import Authority

        return Authority(**json.loads(self._kept("certificate-authority", new_authority)))

    def _kept(self, name: str, make: Callable[[], str]) -> str:
        path = self.folder / name
        if not path.exists():
            keep(path, make())
        return path.read_text()


def keep(path: Path, text: str, mode: int = 0o600) -> None:
    """Write all of it or nothing, never readable by anyone else in between."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
        file.write(text)
    fresh.replace(path)


def new_signing_key() -> str:
    from joserfc.jwk import OKPKey

    return json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True))


def new_authority() -> str:
    from deploy.local.authority import found

    return json.dumps(asdict(found("liheng on this machine")))
