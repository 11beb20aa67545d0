"""The real object store, and a bucket of this session's own."""

from collections.abc import Iterator

import pytest

from services.recording.adapters.bucket import Bucket, prepare
from services.recording.adapters.object_store import S3Evidence
from tests.servers import S3


@pytest.fixture(scope="session")
def bucket(s3: S3) -> Bucket:
    made = Bucket(
        endpoint=s3.endpoint,
        access_key=s3.access_key,
        secret_key=s3.secret_key,
        name=s3.bucket,
        public_endpoint=f"http://{s3.endpoint}",
    )
    prepare(made)
    return made


@pytest.fixture(scope="session")
def s3_evidence(bucket: Bucket) -> Iterator[S3Evidence]:
    evidence = S3Evidence(bucket)
    yield evidence
    evidence.close()
