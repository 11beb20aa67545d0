"""Certificates between processes: from files, and from them again when they are replaced."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from threading import Lock
from typing import Protocol

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificates

from chassis.config import ConfigurationError

log = logging.getLogger(__name__)

Marks = tuple[tuple[int, int, int], ...]


class TlsConfig(Protocol):
    """The part of a configuration that says how processes know one another."""

    @property
    def tls_certificate(self) -> str: ...
    @property
    def tls_key(self) -> str: ...
    @property
    def tls_authority(self) -> str: ...
    @property
    def plaintext(self) -> bool: ...


@dataclass(frozen=True)
class Pems:
    certificate: bytes  # with those between it and the authority
    key: bytes = field(repr=False)
    authority: bytes

    def check(self) -> None:
        """Raise ValueError unless the key is the certificate's."""
        own = load_pem_x509_certificates(self.certificate)[0]
        if load_pem_private_key(self.key, None).public_key() != own.public_key():
            raise ValueError("the key is not the certificate's")
        load_pem_x509_certificates(self.authority)


class Certificates:
    """Three files; half replaced ones are left alone until they fit together."""

    def __init__(self, certificate: Path, key: Path, authority: Path) -> None:
        self._files = (certificate, key, authority)
        self._lock = Lock()
        self._marks = self._marked()
        self._pems = self._read()

    def latest(self) -> Pems:
        with self._lock:
            try:
                self._look_again()
            except (OSError, ValueError) as error:
                log.warning("new certificates cannot be used: %s", error)
            return self._pems

    def _look_again(self) -> None:
        marks = self._marked()
        if marks != self._marks:
            self._pems = self._read()
            self._marks = marks

    def _marked(self) -> Marks:
        stats = [file.stat() for file in self._files]
        return tuple((stat.st_ino, stat.st_mtime_ns, stat.st_size) for stat in stats)

    def _read(self) -> Pems:
        pems = Pems(*(file.read_bytes() for file in self._files))
        pems.check()
        return pems


def certificates(config: TlsConfig, addresses: Iterable[str]) -> Certificates | None:
    """None when there are none, which is refused where others could listen."""
    files = (config.tls_certificate, config.tls_key, config.tls_authority)
    if all(files):
        try:
            return Certificates(*map(Path, files))
        except (OSError, ValueError) as error:
            raise ConfigurationError(f"the certificates cannot be used: {error}") from error
    if any(files):
        raise ConfigurationError("LIHENG_TLS_CERTIFICATE, _KEY and _AUTHORITY go together")
    exposed = [address for address in addresses if not on_this_machine(address)]
    if exposed and not config.plaintext:
        raise ConfigurationError(
            f"{', '.join(exposed)} can be reached from elsewhere: set LIHENG_TLS_CERTIFICATE, "
            "_KEY and _AUTHORITY, or LIHENG_PLAINTEXT=true where something else encrypts"
        )
    return None


def on_this_machine(address: str) -> bool:
    """Whether host:port is on the loopback interface; a name is not looked up."""
    host = address.rpartition(":")[0].strip("[]")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
