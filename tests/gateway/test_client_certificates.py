"""Systems with certificates: over the gateway's own TLS, and through a terminator in front."""

import socket
import ssl
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from chassis.config import ConfigurationError
from deploy.local.authority import Authority, found
from gateway.app import make
from gateway.client_certificates import thumbprint
from gateway.config import GatewayConfig
from gateway.listener import listening
from tests.certificates import Files, long_ago, write
from tests.gateway.running import free_port, running
from tests.gateway.signing import Signing

SECRET = "only the terminator knows"


@dataclass
class Own:
    """A gateway that listens over TLS, with its files and the authority of its clients."""

    url: str
    files: Files
    clients: Authority


@pytest.fixture(scope="module")
def own(config: GatewayConfig, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    files = Files(tmp_path_factory.mktemp("gateway"))
    clients = found("clients of the bank")
    write(files.folder / "clients.crt", clients.certificate)
    certificate, key, _ = map(str, files.paths)
    secured = replace(
        config,
        listen_certificate=certificate,
        listen_key=key,
        client_authority=str(files.folder / "clients.crt"),
        address=f"127.0.0.1:{free_port()}",
    )
    with running(secured) as url:
        yield Own(url, files, clients)


@pytest.fixture
def client(own: Own, tmp_path: Path) -> Files:
    return Files(tmp_path / "client", own.clients)


def context(own: Own, client: Files | None) -> ssl.SSLContext:
    made = ssl.create_default_context(cafile=str(own.files.paths[2]))
    if client is not None:
        made.load_cert_chain(*client.paths[:2])
    return made


def me(own: Own, token: str, client: Files | None = None) -> httpx.Response:
    with httpx.Client(verify=context(own, client), trust_env=False) as http:
        return http.get(f"{own.url}/v1/me", headers={"Authorization": f"Bearer {token}"})


def der(files: Files) -> bytes:
    return ssl.PEM_cert_to_DER_cert(files.paths[0].read_text())


def bound(signing: Signing, certificate: bytes, **more: Any) -> str:
    """As RFC 8705 has the provider bind it."""
    cnf = {"x5t#S256": thumbprint(certificate), **more}
    return signing.token(sub="core", client_id="core", roles=None, scope="system", cnf=cnf)


def test_a_bound_token_is_good_with_its_certificate(
    own: Own, client: Files, signing: Signing
) -> None:
    answer = me(own, bound(signing, der(client)), client)

    assert (answer.status_code, answer.json()["system"]) == (200, "core")


def test_without_its_certificate_it_is_worth_nothing(
    own: Own, client: Files, signing: Signing, http: httpx.Client
) -> None:
    token = bound(signing, der(client))

    in_clear = http.get("/v1/me", headers={"Authorization": f"Bearer {token}"})

    for answer in (me(own, token), in_clear):
        assert (answer.status_code, answer.json()["code"]) == (401, "certificate_needed")
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_with_another_certificate_as_well(
    own: Own, client: Files, signing: Signing, tmp_path: Path
) -> None:
    thief = Files(tmp_path / "thief", own.clients)

    assert me(own, bound(signing, der(client)), thief).json()["code"] == "certificate_needed"


@pytest.mark.parametrize(
    "cnf",
    [{}, {"jkt": "abc"}, {"x5t#S256": ""}, {"x5t#S256": None}, "x", [], 7, {"kid": "k1"}],
    ids=str,
)
def test_a_token_bound_in_another_way_is_refused(
    own: Own, client: Files, signing: Signing, cnf: object
) -> None:
    token = signing.token(cnf=cnf)

    assert me(own, token, client).json()["code"] == "certificate_needed"


def test_a_token_bound_in_two_ways_is_refused(own: Own, client: Files, signing: Signing) -> None:
    assert me(own, bound(signing, der(client), jkt="abc"), client).status_code == 401


def test_a_token_that_is_not_bound_needs_none(own: Own, signing: Signing) -> None:
    assert me(own, signing.staff("adviser")).status_code == 200


def test_systems_may_be_told_to_have_one(
    config: GatewayConfig, signing: Signing, client: Files
) -> None:
    strict = replace(
        config,
        systems_need_certificates=True,
        terminator_secret=SECRET,
        address=f"127.0.0.1:{free_port()}",
    )
    tokens = signing.system("core", "system"), signing.staff("adviser")

    with running(strict) as url, httpx.Client(base_url=url, trust_env=False) as http:
        headers = [{"Authorization": f"Bearer {token}"} for token in tokens]
        system, staff = (http.get("/v1/me", headers=each) for each in headers)
        certificate = f":{b64encode(der(client)).decode()}:"
        with_one = passed_on(http, bound(signing, der(client)), certificate, SECRET)

    assert (system.status_code, system.json()["code"]) == (401, "certificate_needed")
    assert (staff.status_code, with_one.status_code) == (200, 200)


@pytest.mark.parametrize("bad", ["of a stranger", "expired"])
def test_a_bad_certificate_does_not_get_as_far_as_a_request(
    own: Own, client: Files, signing: Signing, bad: str
) -> None:
    if bad == "expired":
        client.replace(at=long_ago())
    else:
        client.replace(found("a stranger"))

    with pytest.raises(httpx.TransportError):
        me(own, bound(signing, der(client)), client)


def test_the_listeners_certificate_is_replaced_while_it_listens(own: Own) -> None:
    replaced = own.files.replace()

    for name in ("localhost", "127.0.0.1"):
        shown = ssl.get_server_certificate(address(own, name), ca_certs=str(own.files.paths[2]))
        assert ssl.PEM_cert_to_DER_cert(shown) == ssl.PEM_cert_to_DER_cert(replaced)


def test_half_replaced_files_change_nothing(own: Own, signing: Signing) -> None:
    own.files.paths[1].write_text("half a key")
    half = me(own, signing.staff("adviser")).status_code
    own.files.replace()

    assert (half, me(own, signing.staff("adviser")).status_code) == (200, 200)


def address(own: Own, name: str) -> tuple[str, int]:
    return name, int(own.url.rpartition(":")[2])


def test_files_that_cannot_be_used_stop_it_from_starting(config: GatewayConfig) -> None:
    with pytest.raises(ConfigurationError, match="cannot listen over TLS"):
        listening(make(config), replace(config, listen_certificate="/nowhere"))


@pytest.fixture(scope="module")
def behind(config: GatewayConfig) -> Iterator[httpx.Client]:
    """A gateway behind a terminator that knows the secret."""
    told = replace(config, terminator_secret=SECRET, address=f"127.0.0.1:{free_port()}")
    with running(told) as url, httpx.Client(base_url=url, trust_env=False) as http:
        yield http


def passed_on(http: httpx.Client, token: str, certificate: str, secret: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}", "Client-Cert": certificate}
    if secret:
        headers["X-Terminator-Secret"] = secret
    return http.get("/v1/me", headers=headers)


def test_a_terminator_passes_certificates_on(
    behind: httpx.Client, client: Files, signing: Signing
) -> None:
    token = bound(signing, der(client))
    rfc_9440 = f":{b64encode(der(client)).decode()}:"
    as_nginx = quote(client.paths[0].read_text())

    for certificate in (rfc_9440, as_nginx):
        assert passed_on(behind, token, certificate, SECRET).status_code == 200


@pytest.mark.parametrize("secret", ["", "guessed", SECRET + "x"])
def test_nobody_else_does(
    behind: httpx.Client, client: Files, signing: Signing, secret: str
) -> None:
    certificate = f":{b64encode(der(client)).decode()}:"

    for token in (bound(signing, der(client)), signing.staff("adviser")):
        answer = passed_on(behind, token, certificate, secret)
        assert (answer.status_code, answer.json()["code"]) == (401, "certificate_not_believed")


def test_a_certificate_beside_that_of_the_terminator_is_not_looked_at(
    behind: httpx.Client, client: Files, own: Own, tmp_path: Path, signing: Signing
) -> None:
    """Certificates are no secret: whoever stole a token may know the one it is bound to."""
    thief = Files(tmp_path / "thief", own.clients)
    bound_to, shown = (f":{b64encode(der(each)).decode()}:" for each in (client, thief))
    token = bound(signing, der(client))

    answer = behind.get(
        "/v1/me",
        headers=[
            ("Authorization", f"Bearer {token}"),
            ("Client-Cert", bound_to),
            ("Client-Cert", shown),
            ("X-Terminator-Secret", SECRET),
        ],
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable_request")


def test_a_gateway_without_a_terminator_believes_no_header(
    http: httpx.Client, client: Files, signing: Signing
) -> None:
    certificate = f":{b64encode(der(client)).decode()}:"

    for secret in ("", SECRET):
        answer = passed_on(http, bound(signing, der(client)), certificate, secret)
        assert answer.json()["code"] == "certificate_not_believed"


@pytest.mark.parametrize("certificate", ["", ":", "::", ":%%%:", "x", "-----BEGIN", ":e30="])
def test_a_header_that_is_no_certificate(
    behind: httpx.Client, signing: Signing, client: Files, certificate: str
) -> None:
    answer = passed_on(behind, bound(signing, der(client)), certificate, SECRET)

    assert answer.status_code == 401


def test_handshakes_that_never_end_keep_nobody_out(own: Own, signing: Signing) -> None:
    idle = [socket.create_connection(address(own, "127.0.0.1")) for _ in range(50)]

    assert me(own, signing.staff("adviser")).status_code == 200
    for one in idle:
        one.close()
