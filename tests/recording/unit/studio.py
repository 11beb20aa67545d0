"""The steps that lead to a seal, as an adviser takes them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Self
from zoneinfo import ZoneInfo

from chassis.custodians import KeepCustody, keep_custody
from chassis.runner import Runner
from chassis.scope import Custody
from services.recording.domain.actor import Actor
from services.recording.domain.institution import Institution
from services.recording.domain.known import Product, Sale
from services.recording.domain.mark import Answer, Mark
from services.recording.domain.recording import Recording
from services.recording.domain.regime import Licence, ProductKind
from services.recording.domain.script import ScriptNode
from services.recording.domain.segment import Capture, ContentType
from services.recording.usecases.abandon_recording import AbandonRecording, abandon_recording
from services.recording.usecases.complete_segment import CompleteSegment, complete_segment
from services.recording.usecases.mark_node import MarkNode, mark_node
from services.recording.usecases.note_product import NoteProduct, note_product
from services.recording.usecases.note_sale import NoteSale, note_sale
from services.recording.usecases.open_recording import OpenRecording, open_recording
from services.recording.usecases.ports import Announcement, Evidence, Part, Run
from services.recording.usecases.seal_recording import SealRecording, seal_recording
from services.recording.usecases.start_segment import StartedSegment, StartSegment, start_segment
from services.recording.usecases.sweep_uploads import SweepUploads, sweep_uploads
from tests.recording.unit.fake_evidence import FakeEvidence
from tests.recording.unit.fakes import FakeDatabase

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)  # in Shanghai
DISTRIBUTOR = Institution(Licence.FUND_DISTRIBUTOR, ZoneInfo("Asia/Shanghai"))
ADVISER = Actor("s-ada", frozenset({"adviser"}), "t-1")
CUSTODY = Custody("s-ada", "t-1", "b-1")
LARGEST = 50_000_000  # bytes

SALE = Sale(sale_id="sale-1", customer_id="c-1", product_id="P1")
SCRIPT = (
    ScriptNode("identity", "双方身份", "Who we are", "您好", False),
    ScriptNode("risks", "风险揭示", "Risks", "本产品不保本，您是否清楚？", True),
)
FUND = Product(product_id="P1", kind=ProductKind.PUBLIC_FUND, script=SCRIPT)
FILM = b"sound and picture" * 1000


def capture(content: bytes = FILM, content_type: ContentType = ContentType.VIDEO_WEBM) -> Capture:
    return Capture(content_type, len(content), sha256(content).hexdigest())


class Camera:
    """What an adviser does, on any database and any object store."""

    def __init__(
        self,
        run: Run,
        evidence: Evidence,
        put: Callable[[str, bytes], str],
        *,
        sale_id: str = "sale-1",
        recording_id: str = "r-1",
        segment_id: str = "g-1",
    ) -> None:
        self.run, self.evidence, self._put = run, evidence, put
        self.sale_id, self.recording_id, self.segment_id = sale_id, recording_id, segment_id
        self.run(note_product, NoteProduct(product=FUND, sequence=1))
        self.run(note_sale, NoteSale(sale=replace(SALE, sale_id=sale_id), sequence=1))
        self.hand_over(CUSTODY)

    def hand_over(self, custody: Custody, sequence: int = 1) -> None:
        command = KeepCustody(subject_id=SALE.customer_id, custody=custody, sequence=sequence)
        self.run(keep_custody, command)

    def recording(self) -> Recording:
        return self.run(
            lambda recording_id, work: work.recordings.get(recording_id), self.recording_id
        )

    def open(self, recording_id: str = "", by: Actor = ADVISER, sale_id: str = "") -> str:
        command = OpenRecording(
            recording_id=recording_id or self.recording_id,
            sale_id=sale_id or self.sale_id,
            by=by,
            at=NOON,
        )
        return self.run(open_recording, command)

    def start(
        self,
        content: bytes = FILM,
        segment_id: str = "",
        at: datetime = NOON,
        by: Actor = ADVISER,
    ) -> StartedSegment:
        command = StartSegment(
            recording_id=self.recording_id,
            segment_id=segment_id or self.segment_id,
            capture=capture(content),
            largest=LARGEST,
            by=by,
            at=at,
        )
        return start_segment(command, self.run, self.evidence)

    def put(self, started: StartedSegment, content: bytes = FILM) -> list[Part]:
        size = started.part_size
        return [
            Part(number, self._put(address, content[size * (number - 1) : size * number]))
            for number, address in enumerate(started.addresses, start=1)
        ]

    def complete(self, parts: list[Part], by: Actor = ADVISER) -> None:
        command = CompleteSegment(
            recording_id=self.recording_id,
            segment_id=self.segment_id,
            parts=parts,
            by=by,
            at=NOON,
        )
        complete_segment(command, self.run, self.evidence)

    def store(self, content: bytes = FILM) -> None:
        self.complete(self.put(self.start(content), content))

    def mark(
        self,
        node_id: str,
        answer: Answer | None = None,
        offset_ms: int = 0,
        by: Actor = ADVISER,
    ) -> None:
        said = Mark(
            node_id=node_id,
            segment_id=self.segment_id,
            offset_ms=offset_ms,
            answer=answer,
            by=by.staff_id,
            at=NOON,
        )
        self.run(mark_node, MarkNode(recording_id=self.recording_id, mark=said, by=by))

    def follow_script(self) -> None:
        self.mark("identity")
        self.mark("risks", Answer.YES, 4000)

    def ready_to_seal(self) -> Self:
        self.open()
        self.store()
        self.follow_script()
        return self

    def seal(
        self, institution: Institution = DISTRIBUTOR, at: datetime = NOON, by: Actor = ADVISER
    ) -> None:
        command = SealRecording(
            recording_id=self.recording_id, institution=institution, by=by, at=at
        )
        seal_recording(command, self.run, self.evidence)

    def abandon(self, reason: str = "the client left", by: Actor = ADVISER) -> None:
        command = AbandonRecording(recording_id=self.recording_id, reason=reason, by=by, at=NOON)
        self.run(abandon_recording, command)

    def sweep(self, at: datetime) -> None:
        sweep_uploads(SweepUploads(at=at), self.run, self.evidence)

    def relist(self, product: Product) -> None:
        self.run(note_product, NoteProduct(product=product, sequence=2))

    def relist_without_script(self, kind: ProductKind) -> None:
        self.relist(replace(FUND, kind=kind, script=()))


class Studio(Camera):
    """On fakes."""

    def __init__(self) -> None:
        self.database = FakeDatabase()
        self.shelf = FakeEvidence()
        super().__init__(Runner(self.database.begin), self.shelf, self.shelf.put)

    @property
    def announced(self) -> list[Announcement]:
        return self.database.contents.announced
