from collections.abc import Iterator
from dataclasses import replace

import pytest
import urllib3
from minio import Minio

from chassis.config import ConfigurationError
from services.recording.adapters.bucket import Bucket, connections
from services.recording.entrypoints.make_bucket import MakeBucket


@pytest.fixture
def fresh(bucket: Bucket) -> Iterator[Bucket]:
    """A bucket that is not there yet."""
    made = replace(bucket, name=f"{bucket.name}-fresh")
    yield made
    made.client(made.endpoint, connections()).remove_bucket(made.name)


def test_the_bucket_is_made_once_with_versions_and_locks(
    fresh: Bucket, capsys: pytest.CaptureFixture[str]
) -> None:
    make = MakeBucket(lambda: fresh)

    assert (make([]), make([])) == (0, 0)

    store: Minio = fresh.client(fresh.endpoint, connections())
    assert store.get_bucket_versioning(fresh.name).status == "Enabled"
    assert "takes locks" in capsys.readouterr().out


def test_a_store_that_is_away_is_an_error(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    quick = urllib3.PoolManager(retries=False, timeout=1)
    monkeypatch.setattr("services.recording.adapters.bucket.connections", lambda: quick)

    assert MakeBucket(lambda: replace(bucket, endpoint="127.0.0.1:9"))([]) == 1
    assert "recording:" in capsys.readouterr().err


def test_what_is_missing_in_the_environment_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    def unreadable() -> Bucket:
        raise ConfigurationError("LIHENG_S3_ENDPOINT is missing")

    assert MakeBucket(unreadable)([]) == 1
    assert "LIHENG_S3_ENDPOINT is missing" in capsys.readouterr().err


def test_arguments_are_not_understood(bucket: Bucket) -> None:
    assert MakeBucket(lambda: bucket)(["now"]) == 2
