"""Who sees which recordings, makes them and watches them, over gRPC on the real servers."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from google.protobuf.message import Message

from chassis.custodians import EndShare, KeepShare, end_share, keep_share
from chassis.database import engine
from chassis.errors import Forbidden, NotFound
from chassis.identity import Caller
from chassis.ids import new_id
from chassis.scope import Custody, Share
from liheng.recording.v1 import recording_pb2 as pb
from services.recording.adapters.bucket import Bucket
from services.recording.bootstrap import rpc as recording_rpc
from services.recording.config import Config
from tests.calling import CALLER_KEY, refusal, served, staff
from tests.chassis.stage import eventually
from tests.recording.integration.client import ADVISER, INSPECTOR, Client
from tests.sealing import MASTERS

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
CAIS = Custody("s-cai", "t-2", "b-1")

BO = staff("s-bo", "adviser", team_id="t-1", branch_id="b-1")
CAI = staff("s-cai", "adviser", team_id="t-2", branch_id="b-1")
LEADER = staff("s-leader", "team_leader", team_id="t-1", branch_id="b-1")
OTHER_LEADER = staff("s-other", "team_leader", team_id="t-2", branch_id="b-1")
MANAGER = staff("s-manager", "branch_manager", branch_id="b-1")
OTHER_MANAGER = staff("s-far", "branch_manager", branch_id="b-2")
AUDITOR = staff("s-audit", "auditor")
COMPLIANCE = staff("s-comply", "compliance")
DESK = staff("s-desk", "service_desk")
ADMINISTRATOR = staff("s-admin", "administrator")

SEERS = [ADVISER, LEADER, MANAGER, INSPECTOR, AUDITOR, COMPLIANCE, DESK]
OTHERS = [BO, CAI, OTHER_LEADER, OTHER_MANAGER, ADMINISTRATOR]


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
    )
    with served(recording_rpc(config, lambda: NOW)) as channel:
        yield Client(channel, config.database_url)


def name(value: object) -> str:
    return value.staff_id if isinstance(value, Caller) else str(value)


@pytest.fixture
def opened(client: Client) -> pb.Recording:
    """Of a client of its own, whom Ada looks after."""
    return client.open(client.draft_sale(new_id()))


def listed(client: Client, who: Caller, customer_id: str) -> list[str]:
    answer = client.call(who, pb.ListRecordingsRequest(customer_id=customer_id))
    assert answer.next_cursor == ""
    return [recording.recording_id for recording in answer.recordings]


@pytest.mark.parametrize("who", SEERS, ids=name)
def test_a_recording_is_seen_by_who_serves_the_client_and_above(
    client: Client, opened: pb.Recording, who: Caller
) -> None:
    request = pb.GetRecordingRequest(recording_id=opened.recording_id)

    assert client.call(who, request).recording == opened
    assert listed(client, who, opened.customer_id) == [opened.recording_id]


STEPS: list[Callable[[str], Message]] = [
    lambda recording_id: pb.GetRecordingRequest(recording_id=recording_id),
    lambda recording_id: pb.StartSegmentRequest(
        recording_id=recording_id, content_type="video/webm", byte_size=1, sha256="0" * 64
    ),
    lambda recording_id: pb.CompleteSegmentRequest(recording_id=recording_id, segment_id="g"),
    lambda recording_id: pb.MarkNodeRequest(
        recording_id=recording_id, node_id="identity", segment_id="g"
    ),
    lambda recording_id: pb.SealRecordingRequest(recording_id=recording_id),
    lambda recording_id: pb.AbandonRecordingRequest(recording_id=recording_id, reason="why not"),
]


@pytest.mark.parametrize("who", OTHERS, ids=name)
@pytest.mark.parametrize("step", STEPS, ids=lambda step: type(step("x")).__name__)
def test_for_everybody_else_there_is_no_such_recording(
    client: Client, opened: pb.Recording, who: Caller, step: Callable[[str], Message]
) -> None:
    hidden = refusal(lambda: client.call(who, step(opened.recording_id)))
    unknown = refusal(lambda: client.call(who, step(new_id())))

    assert (type(hidden), hidden.code) == (NotFound, "no_such_recording")
    assert vars(hidden) == vars(unknown)
    assert listed(client, who, opened.customer_id) == []


@pytest.mark.parametrize("who", OTHERS, ids=name)
def test_an_adviser_cannot_record_the_sale_of_another(client: Client, who: Caller) -> None:
    sale_id = client.draft_sale(new_id())

    hidden = refusal(lambda: client.call(who, pb.OpenRecordingRequest(sale_id=sale_id)))
    unknown = refusal(lambda: client.call(who, pb.OpenRecordingRequest(sale_id=new_id())))

    assert (type(hidden), hidden.code) == (NotFound, "sale_not_known_yet")
    assert vars(hidden) == vars(unknown)


@pytest.mark.parametrize("who", [MANAGER, INSPECTOR, DESK], ids=name)
@pytest.mark.parametrize("step", STEPS[1:], ids=lambda step: type(step("x")).__name__)
def test_whoever_sees_a_recording_without_serving_the_client_does_not_make_it(
    client: Client, opened: pb.Recording, who: Caller, step: Callable[[str], Message]
) -> None:
    refused = refusal(lambda: client.call(who, step(opened.recording_id)))

    assert (type(refused), refused.code) == (Forbidden, "not_your_client")


def test_after_a_handover_the_new_adviser_seals_what_the_old_one_recorded(client: Client) -> None:
    opened, _ = client.record(b"film", new_id())
    sealing = pb.SealRecordingRequest(recording_id=opened.recording_id)

    client.hand_over(CAIS, opened.customer_id)

    for gone in (ADVISER, LEADER):
        assert refusal(partial(client.call, gone, sealing)).code == "no_such_recording"
    assert client.call(CAI, sealing).recording.state == "sealed"


def test_who_stands_in_for_an_adviser_records_for_a_time(
    client: Client, opened: pb.Recording
) -> None:
    share = Share(
        share_id=new_id(),
        staff_id="s-bo",
        subject_id=opened.customer_id,
        purpose="leave_cover",
        valid_from=NOW,
        valid_until=NOW + timedelta(hours=1),
    )
    starting = pb.StartSegmentRequest(
        recording_id=opened.recording_id,
        content_type="video/webm",
        byte_size=1,
        sha256="0" * 64,
    )

    client.tell((keep_share, KeepShare(share=share, sequence=1)))

    eventually(lambda: listed(client, BO, opened.customer_id) == [opened.recording_id])
    assert client.call(BO, starting).segment_id
    client.tell((end_share, EndShare(share_id=share.share_id, at=NOW, sequence=2)))
    eventually(lambda: listed(client, BO, opened.customer_id) == [])
    assert refusal(lambda: client.call(BO, starting)).code == "no_such_recording"


def watched(client: Client, recording_id: str) -> list[str]:
    """By whom, as the trail tells."""
    kept = sa.text(
        "SELECT actor FROM trail_entries WHERE action = 'recording.watched' AND subject = :of"
    )
    bound = engine(client.database, connections=1)
    with bound.connect() as connection:
        found = list(connection.scalars(kept, {"of": recording_id}))
    bound.dispose()
    return found


@pytest.mark.parametrize("who", [INSPECTOR, COMPLIANCE, AUDITOR], ids=name)
def test_who_inspects_watches_and_the_trail_tells_it(client: Client, who: Caller) -> None:
    opened, segment_id = client.record(b"film", new_id())
    request = pb.GetPlaybackRequest(recording_id=opened.recording_id, segment_id=segment_id)

    assert client.call(who, request).url

    assert watched(client, opened.recording_id) == [who.staff_id]


@pytest.mark.parametrize("who", [ADVISER, LEADER, MANAGER, DESK], ids=name)
def test_nobody_else_watches(client: Client, who: Caller) -> None:
    opened, segment_id = client.record(b"film", new_id())
    request = pb.GetPlaybackRequest(recording_id=opened.recording_id, segment_id=segment_id)

    refused = refusal(lambda: client.call(who, request))

    assert (type(refused), refused.code) == (Forbidden, "watching_needs_inspection")
    assert watched(client, opened.recording_id) == []
