"""Certificates of this stack's processes: issued by an authority of its own, renewed in time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from chassis.tls import Pems
from deploy.local.authority import Authority, ends
from deploy.local.ports import SERVICES
from deploy.local.secrets import Secrets, keep
from deploy.local.settings import Settings

OWNERS = (*SERVICES, "gateway")
LIVES = timedelta(days=7)
RENEWED_BEFORE = timedelta(days=6)  # of the end: daily, as long as the stack is looked after


def told(settings: Settings, owner: str) -> dict[str, str]:
    """What the process is told of its files."""
    prefix = f"LIHENG_{owner.upper()}_TLS"
    certificate, key, authority = map(str, files(settings, owner))
    return {
        f"{prefix}_CERTIFICATE": certificate,
        f"{prefix}_KEY": key,
        f"{prefix}_AUTHORITY": authority,
    }


def files(settings: Settings, owner: str) -> tuple[Path, Path, Path]:
    folder = settings.home / "certificates" / owner
    return folder / "tls.crt", folder / "tls.key", folder / "ca.crt"


def renew(settings: Settings, secrets: Secrets) -> None:
    """Issue what is missing, broken, of another authority or soon at its end."""
    authority = secrets.authority()
    for owner in OWNERS:
        if not _good(settings, owner, authority):
            _issue(settings, owner, authority)


def _good(settings: Settings, owner: str, authority: Authority) -> bool:
    try:
        certificate, key, trusted = (file.read_bytes() for file in files(settings, owner))
        Pems(certificate, key, trusted).check()
    except (OSError, ValueError):
        return False
    left = ends(certificate.decode()) - datetime.now(UTC)
    return trusted.decode() == authority.certificate and left > RENEWED_BEFORE


def _issue(settings: Settings, owner: str, authority: Authority) -> None:
    issued = authority.issue(owner, ["127.0.0.1", "localhost", owner], LIVES)
    texts = (issued.certificate, issued.key, authority.certificate)
    for file, text in zip(files(settings, owner), texts, strict=True):
        keep(file, text)
