"""A small certificate authority of this stack's own, and the certificates it issues."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LIVES = timedelta(days=3650)
SKEW = timedelta(minutes=5)


@dataclass(frozen=True)
class Issued:
    """PEM."""

    certificate: str
    key: str


@dataclass(frozen=True)
class Authority:
    """PEM."""

    certificate: str
    key: str

    def issue(
        self, name: str, hosts: Sequence[str], lives: timedelta, at: datetime | None = None
    ) -> Issued:
        """For both ends of a connection; good from *at*, or from now."""
        start = at or datetime.now(UTC)
        key = generate_private_key(SECP256R1())
        issuer = x509.load_pem_x509_certificate(self.certificate.encode())
        signer = load_pem_private_key(self.key.encode(), None)
        assert isinstance(signer, EllipticCurvePrivateKey)
        both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        made = (
            _begun(name, issuer.subject, key, start, lives)
            .add_extension(x509.SubjectAlternativeName([_host(host) for host in hosts]), False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
            .add_extension(x509.ExtendedKeyUsage(both), False)
            .sign(signer, SHA256())
        )
        return Issued(made.public_bytes(Encoding.PEM).decode(), _text(key))


def found(name: str) -> Authority:
    key = generate_private_key(SECP256R1())
    made = (
        _begun(name, _called(name), key, datetime.now(UTC), AUTHORITY_LIVES)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, SHA256())
    )
    return Authority(made.public_bytes(Encoding.PEM).decode(), _text(key))


def ends(certificate: str) -> datetime:
    return x509.load_pem_x509_certificate(certificate.encode()).not_valid_after_utc


def _begun(
    name: str,
    issuer: x509.Name,
    key: EllipticCurvePrivateKey,
    start: datetime,
    lives: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_called(name))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - SKEW)
        .not_valid_after(start + lives)
    )


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _text(key: EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
