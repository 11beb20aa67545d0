"""What every Evidence must do, the fake included."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import httpx
import pytest

from chassis.errors import Conflict
from chassis.ids import new_id
from services.recording.adapters.object_store import S3Evidence
from services.recording.domain.segment import PART_SIZE, ContentType, Found, StoredObject
from services.recording.usecases.ports import Evidence, Part, Upload
from tests.recording.unit.fake_evidence import FakeEvidence

HOUR = timedelta(hours=1)
WEBM = ContentType.VIDEO_WEBM
FILM = bytes(range(256)) * 400


def put_over_http(address: str, content: bytes) -> str:
    response = httpx.put(address, content=content).raise_for_status()
    return response.headers["ETag"].strip('"')


@dataclass(frozen=True)
class Store:
    evidence: Evidence
    put: Callable[[str, bytes], str]

    def begin(self, name: str) -> Upload:
        return Upload(name, self.evidence.begin_upload(name, WEBM))

    def put_parts(self, upload: Upload, *contents: bytes) -> list[Part]:
        addresses = self.evidence.part_addresses(upload, len(contents), HOUR)
        return [
            Part(number, self.put(address, content))
            for number, (address, content) in enumerate(
                zip(addresses, contents, strict=True), start=1
            )
        ]

    def upload(self, name: str, *contents: bytes) -> StoredObject:
        upload = self.begin(name)
        return self.evidence.assemble(upload, self.put_parts(upload, *contents))


@pytest.fixture(params=["fake", "s3"])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "fake":
        fake = FakeEvidence()
        return Store(fake, fake.put)
    real: S3Evidence = request.getfixturevalue("s3_evidence")
    return Store(real, put_over_http)


@pytest.fixture
def name() -> str:
    return f"recordings/{new_id()}/segments/{new_id()}"


def test_what_was_put_is_what_is_found(store: Store, name: str) -> None:
    stored = store.upload(name, FILM)

    found = store.evidence.measure(stored)

    assert found == Found(stored.version_id, len(FILM), sha256(FILM).hexdigest())
    assert stored.version_id


def test_parts_are_joined_in_order(store: Store, name: str) -> None:
    stored = store.upload(name, bytes(PART_SIZE), b"the end")

    whole = bytes(PART_SIZE) + b"the end"
    assert store.evidence.measure(stored).sha256 == sha256(whole).hexdigest()


def test_an_upload_is_open_until_it_is_assembled(store: Store, name: str) -> None:
    upload = store.begin(name)
    parts = store.put_parts(upload, FILM)

    assert store.evidence.is_open(upload)
    store.evidence.assemble(upload, parts)
    assert not store.evidence.is_open(upload)


def test_assembling_again_answers_the_same_object(store: Store, name: str) -> None:
    upload = store.begin(name)
    parts = store.put_parts(upload, FILM)

    first = store.evidence.assemble(upload, parts)

    assert store.evidence.assemble(upload, parts) == first


def test_parts_that_were_not_uploaded_are_refused_and_may_follow(store: Store, name: str) -> None:
    upload = store.begin(name)
    (first,) = store.put_parts(upload, bytes(PART_SIZE))
    with pytest.raises(Conflict) as refused:
        store.evidence.assemble(upload, [first, Part(2, "0" * 32)])
    assert refused.value.code == "parts_not_uploaded"

    parts = store.put_parts(upload, bytes(PART_SIZE), FILM)

    stored = store.evidence.assemble(upload, parts)
    assert store.evidence.measure(stored).byte_size == PART_SIZE + len(FILM)


def test_a_dropped_upload_is_gone(store: Store, name: str) -> None:
    upload = store.begin(name)
    parts = store.put_parts(upload, FILM)

    store.evidence.abort_uploads(name)
    store.evidence.abort_uploads(name)

    assert not store.evidence.is_open(upload)
    with pytest.raises(Conflict) as refused:
        store.evidence.assemble(upload, parts)
    assert refused.value.code == "upload_gone"


def test_dropping_uploads_spares_those_of_other_objects(store: Store, name: str) -> None:
    longer = store.begin(f"{name}0")

    store.evidence.abort_uploads(name)

    assert store.evidence.is_open(longer)


def test_dropping_uploads_spares_what_is_stored(store: Store, name: str) -> None:
    stored = store.upload(name, FILM)
    store.begin(name)

    store.evidence.abort_uploads(name)

    assert store.evidence.measure(stored).byte_size == len(FILM)


def test_a_second_upload_is_another_version(store: Store, name: str) -> None:
    first, second = store.upload(name, b"one"), store.upload(name, b"two")

    assert first != second
    assert store.evidence.measure(first).sha256 == sha256(b"one").hexdigest()


def test_the_same_content_is_kept_once(store: Store, name: str) -> None:
    until = datetime.now(UTC) + HOUR

    first = store.evidence.keep(name, b"{}", until)

    assert store.evidence.keep(name, b"{}", until) == first
    assert store.evidence.keep(name, b'{"a":1}', until) != first


def test_a_lock_may_be_asked_for_again(store: Store, name: str) -> None:
    stored = store.upload(name, FILM)
    until = datetime.now(UTC) + HOUR

    store.evidence.lock(stored, until)
    store.evidence.lock(stored, until)
    store.evidence.lock(stored, until + HOUR)
    store.evidence.lock(stored, until)

    assert store.evidence.measure(stored).byte_size == len(FILM)
