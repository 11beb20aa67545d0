"""What leaves by webhook is listed, exists, and is nothing personal."""

import importlib
import re
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from cryptography.exceptions import InvalidTag
from google.protobuf.descriptor import Descriptor

from chassis.envelope import Incoming, Meta, Unreadable
from chassis.topology import exchange_of
from gateway.webhooks.catalogue import CATALOGUE, payload
from gateway.webhooks.schedule import JITTER, PAUSES, pause_after
from gateway.webhooks.secrets import Vault, new_secret, signatures

# A word in the name of a field that speaks of a person, or of what somebody wrote.
PERSONAL = re.compile(
    r"person|phone|address|identity|born|birth|reason|note|reference|account|facts|income|asset"
    r"|holdings|transactions|clientName|customerName",
    re.IGNORECASE,
)
NOT_OF_A_PERSON = {("liheng.product.v1.ProductListed", "assetClass")}
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def contract_of(event_type: str) -> Descriptor:
    _, service, version, name = event_type.split(".")
    module = importlib.import_module(f"liheng.{service}.{version}.events_pb2")
    found: Descriptor = module.DESCRIPTOR.message_types_by_name[name]
    return found


@pytest.mark.parametrize("event_type", CATALOGUE)
def test_every_field_that_leaves_is_a_field_of_the_contract(event_type: str) -> None:
    known = {field.json_name for field in contract_of(event_type).fields}

    assert CATALOGUE[event_type] <= known
    assert exchange_of(event_type).startswith("liheng.")


@pytest.mark.parametrize("event_type", CATALOGUE)
def test_nothing_personal_leaves(event_type: str) -> None:
    personal = {(event_type, name) for name in CATALOGUE[event_type] if PERSONAL.search(name)}

    assert personal <= NOT_OF_A_PERSON


def incoming(event_type: str, body: bytes) -> Incoming:
    return Incoming(event_type, Meta("e-1", "x-1", 7, NOON, "workflow"), body)


def test_a_field_that_is_not_listed_stays() -> None:
    body = b'{"saleId":"x-1","state":"paid","paymentReference":"6222"}'

    told = orjson.loads(payload(incoming("liheng.workflow.v1.SaleMoved", body)))

    assert told == {
        "type": "liheng.workflow.v1.SaleMoved",
        "timestamp": "2026-11-25T12:00:00Z",
        "data": {"saleId": "x-1", "state": "paid"},
    }


@pytest.mark.parametrize(
    ("event_type", "body"),
    [
        ("liheng.customer.v1.CustomerOnboarded", b"{}"),
        ("liheng.workflow.v1.SaleMoved", b"not JSON"),
        ("liheng.workflow.v1.SaleMoved", b"[1]"),
    ],
)
def test_what_is_not_listed_or_not_readable_does_not_leave(event_type: str, body: bytes) -> None:
    with pytest.raises(Unreadable):
        payload(incoming(event_type, body))


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of its reference implementations."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'

    signed = signatures([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_secrets_make_two_signatures() -> None:
    one, other = new_secret(), new_secret()

    both = signatures([one, other], "m-1", 1, b"{}").split(" ")

    assert both == [signatures([one], "m-1", 1, b"{}"), signatures([other], "m-1", 1, b"{}")]
    assert both[0] != both[1]


def test_a_sealed_secret_opens_for_its_own_endpoint_only() -> None:
    vault, secret = Vault([bytes(32)]), new_secret()
    sealed = vault.sealed(secret, "w-1")

    assert vault.opened(sealed, "w-1") == secret
    assert secret.encode() not in sealed
    with pytest.raises(InvalidTag):
        vault.opened(sealed, "w-2")


def test_a_secret_is_sealed_anew_by_the_current_key() -> None:
    old, new = bytes(32), bytes(31) + b"1"
    sealed = Vault([old]).sealed("whsec_x", "w-1")

    again = Vault([new, old]).resealed(sealed, "w-1")

    assert Vault([new]).opened(again, "w-1") == "whsec_x"
    assert Vault([new, old]).resealed(again, "w-1") == again
    assert Vault([new]).resealed(sealed, "w-1") == sealed


def test_pauses_grow_and_come_to_an_end() -> None:
    pauses = [pause_after(attempts) for attempts in range(1, len(PAUSES) + 2)]

    assert pauses[-1] is None
    for pause, planned in zip(pauses[:-1], PAUSES, strict=True):
        assert pause is not None
        assert abs(pause - planned) <= planned * JITTER + timedelta(microseconds=1)
