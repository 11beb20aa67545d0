from zoneinfo import ZoneInfo

import pytest

from chassis.config import ConfigurationError, read
from services.recording.config import BucketConfig, Config
from services.recording.domain.regime import Licence
from tests.sealing import environ_of

COMPLETE = {
    "LIHENG_DATABASE_URL": "postgresql://here",
    "LIHENG_AMQP_URL": "amqp://here",
    "LIHENG_RECORDING_RPC_ADDRESS": "127.0.0.1:1",
    "LIHENG_CALLER_KEY": "{}",
    **environ_of("recording"),
    "LIHENG_LICENCE": "fund_distributor",
    "LIHENG_S3_ENDPOINT": "127.0.0.1:2",
    "LIHENG_S3_ACCESS_KEY": "recorder",
    "LIHENG_S3_SECRET_KEY": "s3cret",
    "LIHENG_RECORDING_S3_BUCKET": "evidence",
}


def test_a_complete_environment_is_read() -> None:
    config = read(Config, "recording", COMPLETE)

    assert (config.own_licence, config.zone) == (
        Licence.FUND_DISTRIBUTOR,
        ZoneInfo("Asia/Shanghai"),
    )
    assert (config.s3_bucket, config.s3_public_endpoint) == ("evidence", "")


def test_an_unknown_licence_names_the_known_ones() -> None:
    config = read(Config, "recording", COMPLETE | {"LIHENG_LICENCE": "casino"})

    with pytest.raises(ConfigurationError, match="bank, wealth_company"):
        _ = config.own_licence


def test_the_bucket_needs_nothing_but_the_object_store() -> None:
    config = read(BucketConfig, "recording", {k: v for k, v in COMPLETE.items() if "S3" in k})

    assert config.s3_region == "us-east-1"


def test_the_secret_is_not_shown() -> None:
    assert "s3cret" not in repr(read(Config, "recording", COMPLETE))
