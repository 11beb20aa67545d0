"""The bucket that evidence is kept in: how it is reached, and whether it protects."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.error import InvalidResponseError, S3Error, ServerError

CONNECT_SECONDS, READ_SECONDS = 3, 30
TRIES = 3
BUSY = [500, 502, 503, 504]
AWAY = {"InternalError", "SlowDown", "ServiceUnavailable", "RequestTimeout"}
NO_LOCK = "ObjectLockConfigurationNotFoundError"


class EvidenceAway(ConnectionError):
    """The object store cannot be reached, or is too busy."""


class BucketUnfit(Exception):
    """The bucket does not protect what is in it."""


@dataclass(frozen=True)
class Bucket:
    endpoint: str  # host:port, or https://host:port
    access_key: str
    secret_key: str = field(repr=False)
    name: str
    region: str = "us-east-1"
    public_endpoint: str = ""  # what browsers reach, when it is another

    def client(self, endpoint: str, http: urllib3.PoolManager) -> Minio:
        address = urlsplit(endpoint if "://" in endpoint else f"http://{endpoint}")
        return Minio(
            address.netloc,
            self.access_key,
            self.secret_key,
            secure=address.scheme == "https",
            region=self.region,
            http_client=http,
        )


def connections() -> urllib3.PoolManager:
    """Every request may be repeated: an upload begun twice is swept, the rest are idempotent."""
    return urllib3.PoolManager(
        maxsize=16,
        timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        retries=urllib3.Retry(
            total=TRIES, backoff_factor=0.2, status_forcelist=BUSY, allowed_methods=None
        ),
    )


def prepare(bucket: Bucket) -> None:
    """Make the bucket if it is missing; raise BucketUnfit when it does not protect."""
    store = bucket.client(bucket.endpoint, connections())
    with reachable():
        if not store.bucket_exists(bucket.name):
            store.make_bucket(bucket.name, object_lock=True)
        check(store, bucket.name)


def check(store: Minio, name: str) -> None:
    versions = store.get_bucket_versioning(name).status
    if versions != "Enabled" or not found(lambda: store.get_object_lock_config(name), NO_LOCK):
        raise BucketUnfit(f"the bucket {name} has no object lock; make another")


@contextmanager
def reachable() -> Iterator[None]:
    """A store that is away is no error of ours."""
    try:
        yield
    except (urllib3.exceptions.HTTPError, ServerError, InvalidResponseError) as error:
        raise EvidenceAway(type(error).__name__) from error
    except S3Error as error:
        if error.code in AWAY:
            raise EvidenceAway(error.code) from error
        raise


def found(call: Callable[[], object], missing: str) -> bool:
    """False when the store answers that there is no such thing."""
    try:
        call()
    except S3Error as error:
        if error.code == missing:
            return False
        raise
    return True
