"""RecordingService, called as the gateway calls it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import Any

import grpc
import httpx
from google.protobuf.message import Message

from chassis.custodians import KeepCustody, keep_custody
from chassis.database import begin, engine
from chassis.identity import Caller
from chassis.ids import new_id
from chassis.runner import Runner
from chassis.scope import EVERYTHING, Custody
from liheng.recording.v1 import recording_pb2 as pb
from liheng.recording.v1 import recording_pb2_grpc
from services.recording.adapters.database import SqlRecordingWork
from services.recording.adapters.sealing import SEALED
from services.recording.usecases.note_product import NoteProduct, note_product
from services.recording.usecases.note_sale import NoteSale, note_sale
from services.recording.usecases.ports import RecordingWork
from tests.calling import as_caller, staff
from tests.recording.unit.studio import CUSTODY, FUND, SALE
from tests.sealing import sealer_of

ADVISER = staff("s-ada", "adviser", team_id="t-1", branch_id="b-1")
INSPECTOR = staff("s-inspector", "inspector")


Told = tuple[Callable[[Any, RecordingWork], object], object]


class Client:
    def __init__(self, channel: grpc.Channel, database: str) -> None:
        self.stub = recording_pb2_grpc.RecordingServiceStub(channel)
        self.database = database

    def tell(self, *told: Told) -> None:
        """What other services announce."""
        bound = engine(self.database, connections=1)
        run = Runner(
            begin(
                bound, partial(SqlRecordingWork, sealer=sealer_of(bound, SEALED), scope=EVERYTHING)
            )
        )
        for usecase, command in told:
            run(usecase, command)
        bound.dispose()

    def hand_over(self, custody: Custody, customer_id: str, sequence: int = 2) -> None:
        command = KeepCustody(subject_id=customer_id, custody=custody, sequence=sequence)
        self.tell((keep_custody, command))

    def draft_sale(self, customer_id: str = SALE.customer_id) -> str:
        """Of a client whom Ada looks after."""
        sale = replace(SALE, sale_id=new_id(), customer_id=customer_id)
        self.tell(
            (note_product, NoteProduct(product=FUND, sequence=1)),
            (note_sale, NoteSale(sale=sale, sequence=1)),
        )
        self.hand_over(CUSTODY, customer_id, 1)
        return sale.sale_id

    def call(self, who: Caller, request: Message) -> Any:
        """The method is named like the request."""
        method = getattr(self.stub, type(request).__name__.removesuffix("Request"))
        return method(request, metadata=as_caller(who))

    def open(self, sale_id: str = "") -> pb.Recording:
        request = pb.OpenRecordingRequest(sale_id=sale_id or self.draft_sale())
        return self.stub.OpenRecording(request, metadata=as_caller(ADVISER)).recording

    def start(self, recording_id: str, film: bytes, **changed: object) -> pb.StartSegmentResponse:
        asked = {
            "recording_id": recording_id,
            "content_type": "video/webm",
            "byte_size": len(film),
            "sha256": sha256(film).hexdigest(),
        }
        request = pb.StartSegmentRequest(**(asked | changed))  # type: ignore[arg-type]
        return self.stub.StartSegment(request, metadata=as_caller(ADVISER))

    def complete(
        self, recording_id: str, started: pb.StartSegmentResponse, film: bytes
    ) -> pb.Segment:
        size = started.part_size
        parts = [
            pb.UploadedPart(
                number=part.number,
                etag=put(part.url, film[size * (part.number - 1) : size * part.number]),
            )
            for part in started.parts
        ]
        request = pb.CompleteSegmentRequest(
            recording_id=recording_id, segment_id=started.segment_id, parts=parts
        )
        return self.stub.CompleteSegment(request, metadata=as_caller(ADVISER)).segment

    def mark(self, recording_id: str, node_id: str, segment_id: str, answer: str = "") -> pb.Node:
        request = pb.MarkNodeRequest(
            recording_id=recording_id,
            node_id=node_id,
            segment_id=segment_id,
            offset_ms=1500,
            answer=answer,
        )
        return self.stub.MarkNode(request, metadata=as_caller(ADVISER)).node

    def seal(self, recording_id: str) -> pb.Recording:
        request = pb.SealRecordingRequest(recording_id=recording_id)
        return self.stub.SealRecording(request, metadata=as_caller(ADVISER)).recording

    def abandon(self, recording_id: str, reason: str = "the client left") -> None:
        request = pb.AbandonRecordingRequest(recording_id=recording_id, reason=reason)
        self.stub.AbandonRecording(request, metadata=as_caller(ADVISER))

    def get(self, recording_id: str) -> pb.Recording:
        request = pb.GetRecordingRequest(recording_id=recording_id)
        return self.stub.GetRecording(request, metadata=as_caller(ADVISER)).recording

    def list(self, **wanted: object) -> pb.ListRecordingsResponse:
        request = pb.ListRecordingsRequest(**wanted)  # type: ignore[arg-type]
        return self.stub.ListRecordings(request, metadata=as_caller(ADVISER))

    def playback(self, recording_id: str, segment_id: str) -> pb.GetPlaybackResponse:
        request = pb.GetPlaybackRequest(recording_id=recording_id, segment_id=segment_id)
        return self.stub.GetPlayback(request, metadata=as_caller(INSPECTOR))

    def record(self, film: bytes, customer_id: str = SALE.customer_id) -> tuple[pb.Recording, str]:
        """Everything but the seal; answers the segment too."""
        opened = self.open(self.draft_sale(customer_id))
        started = self.start(opened.recording_id, film)
        segment = self.complete(opened.recording_id, started, film)
        for node in opened.nodes:
            answer = "yes" if node.answer_required else ""
            self.mark(opened.recording_id, node.node_id, segment.segment_id, answer)
        return opened, segment.segment_id


def put(address: str, content: bytes) -> str:
    return httpx.put(address, content=content).raise_for_status().headers["ETag"]
