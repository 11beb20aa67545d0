"""Who gets through to what in a running stack, and how soon somebody no longer does."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import httpx
import pytest

from deploy.local import certificates, settings
from deploy.local.authority import found
from deploy.local.identity.configuration import DESK
from deploy.local.identity.institution import read
from deploy.local.identity.tokens import Desk
from deploy.local.ports import SERVICES
from deploy.local.secrets import Secrets
from deploy.local.settings import Settings
from liheng.customer.v1 import customer_pb2, customer_pb2_grpc
from tests.certificates import Files
from tests.e2e.conftest import LocalStack
from tests.patience import until

pytestmark = pytest.mark.timeout(420)

ADVISER, ADMINISTRATOR = "s-caofei", "s-administrator"
SECONDS = 6.0  # within which somebody is shut out


@pytest.fixture
def here(local_stack: LocalStack) -> Settings:
    return settings.read(local_stack.environ)


@pytest.fixture
def secrets(here: Settings) -> Secrets:
    return Secrets(here.home / "secrets")


@pytest.fixture
def desk(here: Settings, secrets: Secrets) -> Desk:
    return Desk(here.url("identity"), secrets, read())


@pytest.fixture
def gateway(here: Settings) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=here.url("gateway"), trust_env=False, timeout=30) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def asked(here: Settings, service: str, credentials: grpc.ChannelCredentials) -> grpc.StatusCode:
    """What comes of asking without a caller, on the service's own port."""
    address = here.address(f"rpc_{service}")
    with grpc.secure_channel(address, credentials) as channel:
        ask: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(
            f"/liheng.{service}.v1.{service.capitalize()}Service/Any"
        )
        with pytest.raises(grpc.RpcError) as refused:
            ask(b"", timeout=5)
    assert isinstance(refused.value, grpc.Call)
    return refused.value.code()


def shown(files: tuple[Path, Path, Path], authority: bytes) -> grpc.ChannelCredentials:
    certificate, key, _ = files
    return grpc.ssl_channel_credentials(authority, key.read_bytes(), certificate.read_bytes())


@pytest.mark.parametrize("service", SERVICES)
def test_only_our_own_processes_reach_a_service(
    here: Settings, secrets: Secrets, service: str, tmp_path: Path
) -> None:
    authority = secrets.authority().certificate.encode()
    ours = shown(certificates.files(here, "gateway"), authority)
    strangers = shown(Files(tmp_path, found("a stranger")).paths, authority)

    assert asked(here, service, ours) is grpc.StatusCode.UNIMPLEMENTED
    assert asked(here, service, strangers) is grpc.StatusCode.UNAVAILABLE
    nothing = grpc.ssl_channel_credentials(authority)
    assert asked(here, service, nothing) is grpc.StatusCode.UNAVAILABLE


def test_our_own_processes_need_a_caller_all_the_same(here: Settings, secrets: Secrets) -> None:
    authority = secrets.authority().certificate.encode()
    ours = shown(certificates.files(here, "gateway"), authority)

    with grpc.secure_channel(here.address("rpc_customer"), ours) as channel:
        stub = customer_pb2_grpc.CustomerServiceStub(channel)
        with pytest.raises(grpc.RpcError) as refused:
            stub.ListStaff(customer_pb2.ListStaffRequest(), timeout=5)

    assert isinstance(refused.value, grpc.Call)
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED


@contextmanager
def asking(here: Settings, token: str) -> Iterator[list[int]]:
    """Somebody goes on asking meanwhile; the statuses they get."""
    heard: list[int] = []
    enough = threading.Event()

    def ask() -> None:
        with httpx.Client(base_url=here.url("gateway"), trust_env=False) as client:
            while not enough.is_set():
                heard.append(client.get("/v1/products", headers=bearer(token)).status_code)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield heard
    finally:
        enough.set()
        thread.join()


def test_all_certificates_are_replaced_and_no_request_fails(
    here: Settings, secrets: Secrets, desk: Desk
) -> None:
    with asking(here, desk.token_for(ADVISER)) as heard:
        for owner in certificates.OWNERS:
            certificates.files(here, owner)[1].write_text("half replaced")
        certificates.renew(here, secrets)
        replaced = time.monotonic()
        until("a while of asking", lambda: time.monotonic() - replaced > 4 and len(heard) > 50)

    assert set(heard) == {200}


def seconds_until(gateway: httpx.Client, token: str, code: str) -> float:
    started = time.monotonic()

    def shut_out() -> bool:
        answer = gateway.get("/v1/me", headers=bearer(token))
        return answer.status_code == 401 and answer.json()["code"] == code

    until(code, shut_out)
    return time.monotonic() - started


def test_who_is_entered_as_inactive_is_shut_out(gateway: httpx.Client, desk: Desk) -> None:
    token, administrator = desk.token_for(ADVISER), desk.token_for(ADMINISTRATOR)
    staff = gateway.get("/v1/staff", headers=bearer(administrator)).json()["items"]
    (one,) = [each for each in staff if each["staff_id"] == ADVISER]
    entry = {name: one[name] for name in one if name not in ("staff_id", "active")}

    def enter(active: bool) -> None:
        answer = gateway.put(
            f"/v1/staff/{ADVISER}",
            headers=bearer(administrator),
            json={**entry, "active": active},
        )
        assert answer.status_code == 200, answer.text

    enter(False)
    took = seconds_until(gateway, token, "staff_deactivated")
    enter(True)

    assert took < SECONDS
    until("the return", lambda: gateway.get("/v1/me", headers=bearer(token)).status_code == 200)


def test_a_session_that_is_ended_is_shut_out(
    here: Settings, gateway: httpx.Client, desk: Desk, secrets: Secrets
) -> None:
    token = desk.token_for("s-auditor")
    assert gateway.get("/v1/me", headers=bearer(token)).status_code == 200

    httpx.post(
        here.url("identity", "/revoke"),
        data={"token": token},
        auth=(DESK, secrets.password(DESK)),
        trust_env=False,
    ).raise_for_status()

    assert seconds_until(gateway, token, "token_refused") < SECONDS
