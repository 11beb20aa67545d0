"""Who gets to talk to a service at all, and how certificates are replaced under way."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from joserfc.jwk import OKPKey

from chassis import rpc, tls
from chassis.config import ConfigurationError
from chassis.identity import CallerVerifier
from chassis.service import RpcPart
from chassis.tls import Certificates
from deploy.local.authority import Authority, found
from tests.certificates import HERE, HOUR, Files, long_ago
from tests.patience import until

VERIFIER = CallerVerifier(json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=False)))


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "service")


@contextmanager
def listening(certificates: Certificates) -> Iterator[int]:
    part = RpcPart(
        name="product",
        address="127.0.0.1:0",
        register=lambda server: None,
        services=(),
        ready=lambda: True,
        close=lambda: None,
    )
    running = rpc.start(part, VERIFIER, certificates)
    try:
        yield running.port
    finally:
        rpc.stop([running])


def check(channel: grpc.Channel) -> grpc.StatusCode:
    ask = health_pb2_grpc.HealthStub(channel).Check  # type: ignore[attr-defined]
    try:
        ask(health_pb2.HealthCheckRequest(), timeout=3)
    except grpc.RpcError as error:
        assert isinstance(error, grpc.Call)
        return error.code()
    return grpc.StatusCode.OK


def over(port: int, credentials: grpc.ChannelCredentials) -> grpc.StatusCode:
    with grpc.secure_channel(f"127.0.0.1:{port}", credentials) as channel:
        return check(channel)


def credentials_of(files: Files, trusts: Authority | None = None) -> grpc.ChannelCredentials:
    pems = files.read().latest()
    trusted = trusts.certificate.encode() if trusts else pems.authority
    return grpc.ssl_channel_credentials(trusted, pems.key, pems.certificate)


def test_a_client_with_a_certificate_of_the_authority_gets_in(files: Files, tmp_path: Path) -> None:
    client = Files(tmp_path / "client", files.authority)

    with listening(files.read()) as port:
        assert over(port, credentials_of(client)) is grpc.StatusCode.OK


def test_a_client_without_a_certificate_does_not(files: Files) -> None:
    alone = grpc.ssl_channel_credentials(files.authority.certificate.encode())

    with listening(files.read()) as port:
        assert over(port, alone) is grpc.StatusCode.UNAVAILABLE


def test_a_client_without_encryption_does_not(files: Files) -> None:
    with listening(files.read()) as port, grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        assert check(channel) is grpc.StatusCode.UNAVAILABLE


def test_a_client_of_another_authority_does_not(files: Files, tmp_path: Path) -> None:
    stranger = Files(tmp_path / "stranger", found("elsewhere"))

    with listening(files.read()) as port:
        refused = over(port, credentials_of(stranger, trusts=files.authority))

    assert refused is grpc.StatusCode.UNAVAILABLE


def test_a_client_whose_certificate_expired_does_not(files: Files, tmp_path: Path) -> None:
    late = Files(tmp_path / "late", files.authority)
    late.replace(at=long_ago())

    with listening(files.read()) as port:
        assert over(port, credentials_of(late)) is grpc.StatusCode.UNAVAILABLE


def test_a_server_of_another_authority_or_name_is_not_talked_to(
    files: Files, tmp_path: Path
) -> None:
    elsewhere = Files(tmp_path / "elsewhere", files.authority, hosts=["other.example"])
    client = credentials_of(files)

    with listening(elsewhere.read()) as port:
        assert over(port, client) is grpc.StatusCode.UNAVAILABLE
    with listening(files.read()) as port:
        stranger = credentials_of(files, trusts=found("elsewhere"))
        assert over(port, stranger) is grpc.StatusCode.UNAVAILABLE


def shown(port: int, files: Files) -> str:
    """The certificate that a new connection is shown."""
    certificate, key, authority = files.paths
    context = ssl.create_default_context(cafile=str(authority))
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["h2"])
    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secured,
    ):
        return ssl.DER_cert_to_PEM_cert(secured.getpeercert(True) or b"")


def same(one: str, other: str) -> bool:
    return ssl.PEM_cert_to_DER_cert(one) == ssl.PEM_cert_to_DER_cert(other)


def test_new_connections_see_the_new_certificate_and_old_ones_go_on(
    files: Files, tmp_path: Path
) -> None:
    client = Files(tmp_path / "client", files.authority)
    with listening(files.read()) as port, Caller(port, client).calling() as caller:
        before = shown(port, client)

        replaced = files.replace()

        assert same(shown(port, client), replaced)
        assert not same(before, replaced)
        caller.some_more()
    assert set(caller.heard) == {grpc.StatusCode.OK}


def test_an_authority_is_changed_without_stopping(files: Files, tmp_path: Path) -> None:
    old, new = files.authority, found("the next")
    client = Files(tmp_path / "client", old)

    with listening(files.read()) as port:
        for one in (files, client):
            one.trust(old, new)
        assert over(port, credentials_of(client)) is grpc.StatusCode.OK
        for one in (files, client):
            one.replace(new)
            assert over(port, credentials_of(client)) is grpc.StatusCode.OK
        files.trust(new)
        assert over(port, credentials_of(client)) is grpc.StatusCode.OK
        left_behind = Files(tmp_path / "left behind", old)
        refused = over(port, credentials_of(left_behind, trusts=new))
    assert refused is grpc.StatusCode.UNAVAILABLE


@dataclass
class Caller:
    """Calls over one channel for as long as it is told to."""

    port: int
    files: Files

    def __post_init__(self) -> None:
        self.heard: list[grpc.StatusCode] = []
        self._enough = threading.Event()

    @contextmanager
    def calling(self) -> Iterator["Caller"]:
        thread = threading.Thread(target=self._call)
        thread.start()
        try:
            yield self
        finally:
            self._enough.set()
            thread.join()

    def some_more(self) -> None:
        wanted = len(self.heard) + 20
        until("more calls", lambda: len(self.heard) >= wanted)

    def _call(self) -> None:
        address = f"127.0.0.1:{self.port}"
        with grpc.secure_channel(address, credentials_of(self.files)) as channel:
            while not self._enough.is_set():
                self.heard.append(check(channel))


def spoil_key(files: Files) -> None:
    files.paths[1].write_text("-----BEGIN PRIVATE KEY-----\nhalf")


def take_another_key(files: Files) -> None:
    files.paths[1].write_text(files.authority.issue("other", HERE, HOUR).key)


@pytest.mark.parametrize(
    "spoil",
    [
        spoil_key,
        take_another_key,
        lambda files: files.paths[0].write_text(""),
        lambda files: files.paths[2].write_text("nothing"),
        lambda files: files.paths[0].unlink(),
    ],
    ids=["half a key", "another key", "no certificate", "no authority", "no file"],
)
def test_files_that_do_not_fit_together_change_nothing(
    files: Files, spoil: Callable[[Files], object], caplog: pytest.LogCaptureFixture
) -> None:
    certificates = files.read()
    before = certificates.latest()

    spoil(files)

    assert certificates.latest() == before
    assert "cannot be used" in caplog.text
    files.trust(files.authority)
    renewed = files.replace()
    assert certificates.latest().certificate.decode() == renewed


@dataclass(frozen=True)
class Told:
    tls_certificate: str = ""
    tls_key: str = ""
    tls_authority: str = ""
    plaintext: bool = False


@pytest.mark.parametrize("address", ["127.0.0.1:1", "localhost:1", "[::1]:1", "127.8.8.8:1"])
def test_nobody_else_hears_what_is_said_on_this_machine(address: str) -> None:
    assert tls.certificates(Told(), [address]) is None


@pytest.mark.parametrize(
    "address", ["0.0.0.0:1", "[::]:1", "10.0.0.1:1", "customer:1", "localhost.example:1", ":1"]
)
def test_plain_text_elsewhere_must_be_wanted(address: str) -> None:
    with pytest.raises(ConfigurationError, match="LIHENG_PLAINTEXT"):
        tls.certificates(Told(), ["127.0.0.1:1", address])

    assert tls.certificates(Told(plaintext=True), [address]) is None


def test_half_a_configuration_is_none(files: Files) -> None:
    certificate, key, authority = map(str, files.paths)

    with pytest.raises(ConfigurationError, match="go together"):
        tls.certificates(Told(certificate, key), ["127.0.0.1:1"])
    with pytest.raises(ConfigurationError, match="cannot be used"):
        tls.certificates(Told(certificate, key, "/nowhere"), ["127.0.0.1:1"])
    assert tls.certificates(Told(certificate, key, authority), ["0.0.0.0:1"]) is not None
