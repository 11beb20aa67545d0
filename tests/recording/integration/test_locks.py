"""What the S3 server itself refuses, whoever asks."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import md5

import httpx
import pytest
import urllib3
from minio import Minio
from minio.commonconfig import COMPLIANCE, GOVERNANCE
from minio.deleteobjects import DeleteObject
from minio.error import S3Error
from minio.retention import Retention

from chassis.errors import Conflict
from chassis.ids import new_id
from services.recording.adapters.bucket import (
    Bucket,
    BucketUnfit,
    EvidenceAway,
    connections,
    prepare,
)
from services.recording.adapters.object_store import S3Evidence
from services.recording.domain.segment import ContentType, StoredObject
from services.recording.usecases.ports import Part, Upload

HOUR = timedelta(hours=1)
Attempt = Callable[[Minio, str, StoredObject], object]


@pytest.fixture(scope="module")
def until() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + 2 * HOUR


@pytest.fixture(scope="module")
def locked(s3_evidence: S3Evidence, until: datetime) -> StoredObject:
    return s3_evidence.keep(f"recordings/{new_id()}/manifest.json", b"evidence", until)


@pytest.fixture
def administrator(bucket: Bucket) -> Minio:
    return bucket.client(bucket.endpoint, connections())


def shorten(store: Minio, bucket: str, stored: StoredObject) -> object:
    shorter = Retention(COMPLIANCE, datetime.now(UTC) + HOUR)
    return store.set_object_retention(bucket, stored.name, shorter, stored.version_id)


def weaken(store: Minio, bucket: str, stored: StoredObject) -> object:
    weaker = Retention(GOVERNANCE, datetime.now(UTC) + 3 * HOUR)
    return store.set_object_retention(bucket, stored.name, weaker, stored.version_id)


def delete(store: Minio, bucket: str, stored: StoredObject) -> object:
    return store.remove_object(bucket, stored.name, stored.version_id)


@pytest.mark.parametrize("attempt", [delete, shorten, weaken])
def test_not_even_the_administrator_can(
    attempt: Attempt,
    administrator: Minio,
    bucket: Bucket,
    locked: StoredObject,
    s3_evidence: S3Evidence,
    until: datetime,
) -> None:
    with pytest.raises(S3Error) as refused:
        attempt(administrator, bucket.name, locked)

    assert refused.value.code == "AccessDenied"
    retention = administrator.get_object_retention(bucket.name, locked.name, locked.version_id)
    assert retention is not None
    assert (retention.mode, retention.retain_until_date) == (COMPLIANCE, until)
    assert s3_evidence.measure(locked).byte_size == len(b"evidence")


def test_deleting_many_at_once_spares_what_is_locked(
    administrator: Minio, bucket: Bucket, locked: StoredObject, s3_evidence: S3Evidence
) -> None:
    doomed = [DeleteObject(locked.name, locked.version_id)]

    errors = list(administrator.remove_objects(bucket.name, doomed, bypass_governance_mode=True))

    assert [error.code for error in errors] == ["AccessDenied"]
    assert s3_evidence.measure(locked).byte_size == len(b"evidence")


def test_a_part_is_not_taken_without_a_signature(s3_evidence: S3Evidence) -> None:
    name = f"recordings/{new_id()}/segments/1"
    upload = Upload(name, s3_evidence.begin_upload(name, ContentType.VIDEO_MP4))
    (address,) = s3_evidence.part_addresses(upload, 1, HOUR)

    unsigned, of_another_part = (
        address.split("&X-Amz-Signature")[0],
        address.replace("partNumber=1", "partNumber=2"),
    )

    assert httpx.put(unsigned, content=b"film").is_client_error
    assert httpx.put(of_another_part, content=b"film").is_client_error
    with pytest.raises(Conflict):
        s3_evidence.assemble(upload, [Part(1, md5(b"film").hexdigest())])


def test_a_playback_address_gives_the_stored_version_with_its_type(
    s3_evidence: S3Evidence,
) -> None:
    name = f"recordings/{new_id()}/segments/1"
    first = s3_evidence.keep(name, b"first", datetime.now(UTC) + HOUR)
    s3_evidence.keep(name, b"second", datetime.now(UTC) + HOUR)

    played = httpx.get(s3_evidence.playback_address(first, ContentType.AUDIO_WEBM, HOUR))

    assert (played.content, played.headers["content-type"]) == (b"first", "audio/webm")


def test_a_playback_address_runs_out(s3_evidence: S3Evidence) -> None:
    name = f"recordings/{new_id()}/segments/1"
    stored = s3_evidence.keep(name, b"first", datetime.now(UTC) + HOUR)

    address = s3_evidence.playback_address(stored, ContentType.AUDIO_WEBM, timedelta(minutes=5))

    assert "X-Amz-Expires=300" in address


def test_a_bucket_without_lock_is_unfit(bucket: Bucket, administrator: Minio) -> None:
    plain = Bucket(bucket.endpoint, bucket.access_key, bucket.secret_key, f"{bucket.name}-plain")
    administrator.make_bucket(plain.name)

    with pytest.raises(BucketUnfit, match="object lock"):
        prepare(plain)

    administrator.remove_bucket(plain.name)


def test_preparing_a_bucket_again_is_fine(bucket: Bucket, s3_evidence: S3Evidence) -> None:
    prepare(bucket)

    assert s3_evidence.ready()


def test_a_store_that_is_away_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = urllib3.PoolManager(retries=False, timeout=1)
    monkeypatch.setattr("services.recording.adapters.object_store.connections", lambda: quick)
    nowhere = S3Evidence(Bucket("127.0.0.1:9", "a", "b" * 8, "nowhere"))

    assert not nowhere.ready()
    with pytest.raises(EvidenceAway):
        nowhere.begin_upload("a", ContentType.VIDEO_WEBM)
    with pytest.raises(EvidenceAway):
        nowhere.measure(StoredObject("a", "1"))
