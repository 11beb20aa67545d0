"""Certificates for tests: in files as a process reads them, replaced as an operator would."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chassis.tls import Certificates
from deploy.local.authority import Authority, found

HOUR = timedelta(hours=1)
HERE = ("127.0.0.1", "localhost")


def long_ago() -> datetime:
    return datetime.now(UTC) - timedelta(days=1)


@dataclass
class Files:
    """One process's three files."""

    folder: Path
    authority: Authority = field(default_factory=lambda: found("tests"))
    hosts: Sequence[str] = HERE

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.trust(self.authority)
        self.replace()

    @property
    def paths(self) -> tuple[Path, Path, Path]:
        return self.folder / "tls.crt", self.folder / "tls.key", self.folder / "ca.crt"

    def replace(self, authority: Authority | None = None, at: datetime | None = None) -> str:
        """A new certificate; the PEM of it."""
        issued = (authority or self.authority).issue("test", self.hosts, HOUR, at)
        certificate, key, _ = self.paths
        write(certificate, issued.certificate)
        write(key, issued.key)
        return issued.certificate

    def trust(self, *authorities: Authority) -> None:
        write(self.paths[2], "".join(one.certificate for one in authorities))

    def read(self) -> Certificates:
        return Certificates(*self.paths)


def write(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    fresh.replace(path)
