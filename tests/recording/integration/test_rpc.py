"""RecordingService on the real database and the real object store."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from chassis.database import engine
from chassis.errors import Conflict, Invalid, NotFound, Refusal, RuleBroken
from services.recording.adapters.bucket import Bucket
from services.recording.adapters.tables import mailbox
from services.recording.bootstrap import rpc as recording_rpc
from services.recording.config import Config
from tests.calling import CALLER_KEY, refusal, served
from tests.recording.integration.client import Client
from tests.sealing import MASTERS

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)  # the 24th in Shanghai
FILMS = Path(__file__).parents[3] / "examples" / "recording"


@pytest.fixture(scope="module")
def client(postgres_url: Callable[[str], str], bucket: Bucket) -> Iterator[Client]:
    config = Config(
        database_url=postgres_url("recording"),
        amqp_url="",
        rpc_address="127.0.0.1:0",
        caller_key=CALLER_KEY,
        master_keys=MASTERS,
        licence="fund_distributor",
        s3_endpoint=bucket.endpoint,
        s3_access_key=bucket.access_key,
        s3_secret_key=bucket.secret_key,
        s3_bucket=bucket.name,
        largest_segment=20_000_000,
    )
    part = recording_rpc(config, lambda: NOW)
    assert part.ready()
    with served(part) as channel:
        yield Client(channel, config.database_url)


def announced(client: Client, recording_id: str) -> list[str]:
    bound = engine(client.database)
    types = (
        sa.select(mailbox.outbox.c.type)
        .where(mailbox.outbox.c.subject == recording_id)
        .order_by(mailbox.outbox.c.id)
    )
    with bound.connect() as connection:
        found = list(connection.execute(types).scalars())
    bound.dispose()
    return found


@pytest.mark.parametrize("name", ["sale.webm", "sale.mp4"])
def test_a_real_film_is_recorded_sealed_and_played(client: Client, name: str) -> None:
    film = (FILMS / name).read_bytes()
    opened, segment_id = client.record(film)

    sealed = client.seal(opened.recording_id)

    assert (sealed.state, sealed.retain_until) == ("sealed", "2046-11-24")
    assert list(sealed.retention_rules) == ["REC-13", "AML-02"]
    assert client.get(opened.recording_id) == sealed == client.seal(opened.recording_id)
    played = client.playback(opened.recording_id, segment_id)
    assert httpx.get(played.url).content == film
    assert announced(client, opened.recording_id) == [
        "liheng.recording.v1.RecordingOpened",
        "liheng.recording.v1.RecordingSealed",
    ]


def test_a_segment_of_several_parts_is_stored(client: Client) -> None:
    film = bytes(range(256)) * 40_000
    opened = client.open()

    started = client.start(opened.recording_id, film)
    segment = client.complete(opened.recording_id, started, film)

    assert (len(started.parts), segment.state, segment.byte_size) == (2, "stored", len(film))


def test_an_altered_film_is_refused(client: Client) -> None:
    opened = client.open()
    started = client.start(opened.recording_id, b"as it was")

    refused = refusal(lambda: client.complete(opened.recording_id, started, b"as it is."))

    assert isinstance(refused, RuleBroken)
    assert (refused.code, refused.rule) == ("segment_altered", "REC-08")
    again = client.start(opened.recording_id, b"as it was")
    assert client.complete(opened.recording_id, again, b"as it was").state == "stored"


def test_a_recording_shows_where_each_node_was_said(client: Client) -> None:
    opened, segment_id = client.record(b"film")

    risks = client.get(opened.recording_id).nodes[1]

    assert (risks.node_id, risks.done, risks.answer) == ("risks", True, "yes")
    assert (risks.segment_id, risks.offset_ms) == (segment_id, 1500)


def test_an_incomplete_recording_is_not_sealed(client: Client) -> None:
    opened = client.open()

    refused = refusal(lambda: client.seal(opened.recording_id))

    assert (type(refused), refused.code) == (RuleBroken, "script_not_covered")


def test_an_abandoned_recording_makes_room(client: Client) -> None:
    first = client.open()
    assert client.open(first.sale_id).recording_id == first.recording_id

    client.abandon(first.recording_id)

    assert client.open(first.sale_id).recording_id != first.recording_id
    assert client.get(first.recording_id).state == "abandoned"


def test_recordings_are_listed_newest_first_by_sale_and_state(client: Client) -> None:
    first = client.open()
    client.abandon(first.recording_id)
    second = client.open(first.sale_id)

    whole = client.list(sale_id=first.sale_id).recordings
    page = client.list(sale_id=first.sale_id, limit=1)
    rest = client.list(sale_id=first.sale_id, limit=1, cursor=page.next_cursor)
    abandoned = client.list(sale_id=first.sale_id, state="abandoned").recordings

    ids = [second.recording_id, first.recording_id]
    assert [each.recording_id for each in whole] == ids
    assert [each.recording_id for each in (*page.recordings, *rest.recordings)] == ids
    assert (rest.next_cursor, len(whole[0].nodes)) == ("", 0)
    assert [each.recording_id for each in abandoned] == [first.recording_id]


def test_what_is_not_stored_cannot_be_played(client: Client) -> None:
    opened = client.open()
    started = client.start(opened.recording_id, b"film")

    refused = refusal(lambda: client.playback(opened.recording_id, started.segment_id))

    assert isinstance(refused, Conflict)


@pytest.mark.parametrize(
    ("call", "kind", "field"),
    [
        (lambda c, r: c.open("nobody"), NotFound, "sale_id"),
        (lambda c, r: c.open("not an id"), Invalid, "sale_id"),
        (lambda c, r: c.get("nobody"), NotFound, ""),
        (lambda c, r: c.seal("nobody"), NotFound, ""),
        (lambda c, r: c.start(r, b"x", content_type="video/avi"), Invalid, "content_type"),
        (lambda c, r: c.start(r, b"x", byte_size=0), Invalid, "byte_size"),
        (lambda c, r: c.start(r, b"x", byte_size=20_000_001), Invalid, "byte_size"),
        (lambda c, r: c.start(r, b"x", sha256="abc"), Invalid, "sha256"),
        (lambda c, r: c.mark(r, "identity", "g", "maybe"), Invalid, "answer"),
        (lambda c, r: c.mark(r, "identity", "g", "yes"), NotFound, "segment_id"),
        (lambda c, r: c.playback(r, "g"), NotFound, "segment_id"),
        (lambda c, r: c.abandon(r, " "), Invalid, "reason"),
        (lambda c, r: c.list(limit=500), Invalid, "limit"),
        (lambda c, r: c.list(state="lost"), Invalid, "state"),
        (lambda c, r: c.list(cursor="made up"), Invalid, "cursor"),
    ],
)
def test_bad_input_is_refused_by_field(
    client: Client, call: Callable[[Client, str], object], kind: type[Refusal], field: str
) -> None:
    recording_id = client.open().recording_id

    refused = refusal(lambda: call(client, recording_id))

    assert (type(refused), refused.field) == (kind, field)
