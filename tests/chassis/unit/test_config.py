from base64 import b64encode
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest

from chassis.config import ConfigurationError, Key, ServiceConfig, read


@dataclass(frozen=True, kw_only=True)
class Config(ServiceConfig):
    sealing_key: bytes
    strict: bool = True


COMPLETE = {
    "LIHENG_CUSTOMER_DATABASE_URL": "postgresql://here",
    "LIHENG_AMQP_URL": "amqp://here",
    "LIHENG_CUSTOMER_RPC_ADDRESS": "127.0.0.1:1",
    "LIHENG_CALLER_KEY": "{}",
    "LIHENG_SEALING_KEY": "c2VjcmV0",
}


def test_a_complete_environment_is_read() -> None:
    config = read(Config, "customer", COMPLETE | {"LIHENG_ZONE": "Asia/Urumqi"})

    assert config.database_url == "postgresql://here"
    assert config.sealing_key == b"secret"
    assert config.zone == ZoneInfo("Asia/Urumqi")
    assert config.strict


def test_a_services_own_name_wins_over_the_shared_one() -> None:
    config = read(Config, "customer", COMPLETE | {"LIHENG_CUSTOMER_AMQP_URL": "amqp://mine"})

    assert config.amqp_url == "amqp://mine"


def test_everything_missing_or_malformed_is_reported_at_once() -> None:
    environ = {
        "LIHENG_AMQP_URL": "amqp://here",
        "LIHENG_SEALING_KEY": "not base64!",
        "LIHENG_CUSTOMER_RPC_THREADS": "many",
        "LIHENG_ZONE": "Asia/Nowhere",
        "LIHENG_STRICT": "perhaps",
    }

    with pytest.raises(ConfigurationError) as caught:
        read(Config, "customer", environ)

    assert str(caught.value).splitlines() == [
        "LIHENG_CUSTOMER_DATABASE_URL (or LIHENG_DATABASE_URL) is missing",
        "LIHENG_CUSTOMER_RPC_ADDRESS (or LIHENG_RPC_ADDRESS) is missing",
        "LIHENG_CUSTOMER_CALLER_KEY (or LIHENG_CALLER_KEY) is missing",
        "LIHENG_CUSTOMER_RPC_THREADS is not a valid int",
        "LIHENG_ZONE is not a valid ZoneInfo",
        "LIHENG_SEALING_KEY is not a valid bytes",
        "LIHENG_STRICT is not a valid bool",
    ]


def test_no_value_is_repeated_in_a_complaint() -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(Config, "customer", COMPLETE | {"LIHENG_SEALING_KEY": "s3cret!"})

    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(("days", "accepted"), [("183", True), ("3650", True), ("182", False)])
def test_a_trail_is_kept_for_any_six_months_at_least(days: str, accepted: bool) -> None:
    environ = COMPLETE | {"LIHENG_CUSTOMER_TRAIL_KEPT_DAYS": days}

    if accepted:
        assert read(Config, "customer", environ).trail_kept_days == int(days)
    else:
        with pytest.raises(ConfigurationError, match="not a valid AtLeast183Days"):
            read(Config, "customer", environ)


@dataclass(frozen=True, kw_only=True)
class Sealing:
    sealing_key: Key


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_key_of_another_size_is_told_by_its_name(size: int) -> None:
    environ = {"LIHENG_SEALING_KEY": b64encode(bytes(size)).decode() or "="}

    with pytest.raises(ConfigurationError, match="LIHENG_SEALING_KEY is not a valid Key"):
        read(Sealing, "x", environ)


def test_a_key_is_read_from_base64() -> None:
    environ = {"LIHENG_SEALING_KEY": b64encode(bytes(range(32))).decode()}

    assert read(Sealing, "x", environ).sealing_key == bytes(range(32))
