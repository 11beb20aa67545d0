"""Whatever dies between the database and the object store is mended by calling again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import httpx
import pytest
from minio import Minio

from chassis.database import begin, engine
from chassis.ids import new_id
from chassis.runner import Runner
from chassis.scope import EVERYTHING
from services.recording.adapters.bucket import Bucket, connections
from services.recording.adapters.database import SqlRecordingWork
from services.recording.adapters.object_store import S3Evidence
from services.recording.adapters.sealing import SEALED
from services.recording.domain.recording import Recording, State
from services.recording.domain.segment import StoredObject
from services.recording.usecases.sweep_uploads import LEFT_FOR
from tests.recording.unit.fake_evidence import FakeEvidence
from tests.recording.unit.fakes import FakeDatabase
from tests.recording.unit.studio import NOON, Camera
from tests.sealing import sealer_of

Locks = dict[StoredObject, datetime | None]


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Killer:
    """Kills at the nth step: before it took effect, or just after."""

    step: int
    after: bool
    taken: int = 0

    def watch(self, action: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            self.taken += 1
            if self.taken == self.step and not self.after:
                raise Killed
            result = action(*args, **kwargs)
            if self.taken == self.step:
                raise Killed
            return result

        return watched


class Watched:
    """Evidence whose every call is a step."""

    def __init__(self, evidence: Any, killer: Killer) -> None:
        self._evidence = evidence
        self._killer = killer

    def __getattr__(self, name: str) -> Any:
        return self._killer.watch(getattr(self._evidence, name))


@dataclass(frozen=True)
class Site:
    """A camera, and what really lies in the object store."""

    camera: Camera
    locks: Callable[[str], Locks]
    open_uploads: Callable[[str], int]

    def killed(self, killer: Killer, act: Callable[[], object]) -> bool:
        """Act while the killer is about; False when it never struck."""
        run, evidence = self.camera.run, self.camera.evidence
        self.camera.run = killer.watch(run)
        self.camera.evidence = Watched(evidence, killer)
        try:
            act()
        except Killed:
            return True
        finally:
            self.camera.run, self.camera.evidence = run, evidence
        return False


def fake_site() -> Site:
    shelf = FakeEvidence()

    def locks(prefix: str) -> Locks:
        return {
            stored: kept.locked_until
            for stored, kept in shelf.objects.items()
            if stored.name.startswith(prefix)
        }

    def open_uploads(name: str) -> int:
        return sum(upload.name == name for upload in shelf.uploads)

    return Site(Camera(Runner(FakeDatabase().begin), shelf, shelf.put), locks, open_uploads)


def real_site(bound: Any, evidence: S3Evidence, store: Minio, bucket: str) -> Site:
    def locks(prefix: str) -> Locks:
        found: Locks = {}
        for each in store.list_objects(bucket, prefix, recursive=True, include_version=True):
            stored = StoredObject(str(each.object_name), str(each.version_id))
            head = store.stat_object(bucket, stored.name, version_id=stored.version_id)
            until = (head.metadata or {}).get("x-amz-object-lock-retain-until-date")
            found[stored] = datetime.fromisoformat(until) if until else None
        return found

    def open_uploads(name: str) -> int:
        return len(store._list_multipart_uploads(bucket, prefix=name).uploads)

    ids = {name: new_id() for name in ("sale_id", "recording_id", "segment_id")}
    run = Runner(
        begin(bound, partial(SqlRecordingWork, sealer=sealer_of(bound, SEALED), scope=EVERYTHING))
    )
    camera = Camera(run, evidence, put_over_http, **ids)
    return Site(camera, locks, open_uploads)


def put_over_http(address: str, content: bytes) -> str:
    return httpx.put(address, content=content).raise_for_status().headers["ETag"].strip('"')


@pytest.fixture(params=["fake", "real"])
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    if request.param == "fake":
        yield fake_site()
        return
    bound = engine(request.getfixturevalue("postgres_url")("recording"), connections=1)
    bucket: Bucket = request.getfixturevalue("bucket")
    store = bucket.client(bucket.endpoint, connections())
    yield real_site(bound, request.getfixturevalue("s3_evidence"), store, bucket.name)
    bound.dispose()


@pytest.fixture(params=range(1, 6))
def step(request: pytest.FixtureRequest) -> int:
    number: int = request.param
    return number


@pytest.fixture(params=["before", "after"])
def killer(request: pytest.FixtureRequest, step: int) -> Killer:
    return Killer(step, request.param == "after")


def prefix_of(recording: Recording) -> str:
    return f"recordings/{recording.recording_id}/"


def test_a_seal_survives_a_kill_at_every_step(site: Site, killer: Killer) -> None:
    site.camera.ready_to_seal()

    site.killed(killer, site.camera.seal)
    site.camera.seal()

    recording = site.camera.recording()
    locks = site.locks(prefix_of(recording))
    assert (recording.state, recording.seal is not None) == (State.SEALED, True)
    assert recording.seal is not None
    assert locks == {
        recording.segments[0].stored_object: recording.seal.locked_until,
        StoredObject(
            recording.manifest_name, recording.seal.manifest_version
        ): recording.seal.locked_until,
    }


def test_a_completion_survives_a_kill_at_every_step(site: Site, killer: Killer) -> None:
    site.camera.open()
    parts = site.camera.put(site.camera.start())

    site.killed(killer, lambda: site.camera.complete(parts))
    site.camera.complete(parts)

    recording = site.camera.recording()
    assert site.locks(prefix_of(recording)) == {recording.segments[0].stored_object: None}


def test_a_start_survives_a_kill_and_leaves_nothing_for_ever(site: Site, killer: Killer) -> None:
    site.camera.open()

    site.killed(killer, site.camera.start)
    site.camera.complete(site.camera.put(site.camera.start()))
    site.camera.sweep(NOON + LEFT_FOR * 2)

    (segment,) = site.camera.recording().segments
    assert segment.is_stored
    assert site.open_uploads(segment.name) == 0


def test_a_start_that_is_killed_and_never_repeated_leaves_nothing_for_ever(
    site: Site, killer: Killer
) -> None:
    site.camera.open()

    site.killed(killer, site.camera.start)
    site.camera.sweep(NOON + LEFT_FOR * 2)

    names = [segment.name for segment in site.camera.recording().segments]
    assert [site.open_uploads(name) for name in names] == [0] * len(names)


def test_a_sweep_survives_a_kill_at_every_step(site: Site, killer: Killer) -> None:
    site.camera.open()
    site.camera.start()

    site.killed(killer, lambda: site.camera.sweep(NOON + LEFT_FOR * 2))
    site.camera.sweep(NOON + LEFT_FOR * 2)

    (segment,) = site.camera.recording().segments
    assert site.open_uploads(segment.name) == 0


def test_the_killer_does_strike_between_decision_and_seal(site: Site) -> None:
    site.camera.ready_to_seal()

    assert site.killed(Killer(3, after=True), site.camera.seal)
    assert site.camera.recording().state is State.SEALING
