"""A dual recording, from its script to its seal."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from chassis.errors import Conflict
from services.recording.domain import refusals
from services.recording.domain.events import (
    RecordingAbandoned,
    RecordingOpened,
    RecordingSealed,
)
from services.recording.domain.mark import Answer, Mark
from services.recording.domain.script import Script, ScriptNode
from services.recording.domain.seal import Seal
from services.recording.domain.segment import Capture, Found, Segment

MOST_SEGMENTS = 200
MOST_MARKS = 1000


class State(StrEnum):
    OPEN = "open"
    SEALING = "sealing"  # the seal is decided; the object store may not hold all of it yet
    SEALED = "sealed"
    ABANDONED = "abandoned"


@dataclass(frozen=True)
class Abandonment:
    reason: str
    by: str
    at: datetime


@dataclass(eq=False, kw_only=True)
class Recording:
    recording_id: str
    sale_id: str
    customer_id: str
    product_id: str
    script: Script
    opened_by: str
    opened_at: datetime
    state: State = State.OPEN
    segments: list[Segment] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)  # every one there ever was, in order
    seal: Seal | None = None
    abandonment: Abandonment | None = None
    version: int = 0

    @property
    def manifest_name(self) -> str:
        return f"recordings/{self.recording_id}/manifest.json"

    def opened(self) -> RecordingOpened:
        return RecordingOpened(
            self.recording_id,
            self.sale_id,
            self.customer_id,
            self.product_id,
            self.opened_by,
            self.opened_at,
        )

    def node(self, node_id: str) -> ScriptNode:
        node = next((node for node in self.script if node.node_id == node_id), None)
        if node is None:
            raise refusals.no_such_node()
        return node

    def segment(self, segment_id: str) -> Segment:
        segment = next((each for each in self.segments if each.segment_id == segment_id), None)
        if segment is None:
            raise refusals.no_such_segment()
        return segment

    def marks_of(self, node_id: str) -> list[Mark]:
        return [mark for mark in self.marks if mark.node_id == node_id]

    def last_mark(self, node_id: str) -> Mark | None:
        return next(reversed(self.marks_of(node_id)), None)

    def claim_segment(self, capture: Capture, *, segment_id: str, by: str, at: datetime) -> Segment:
        """The segment of this capture: the one claimed before, or a new one."""
        self._check_open()
        claimed = next((s for s in self.segments if s.capture.sha256 == capture.sha256), None)
        if claimed is not None:
            _check_claim(claimed, capture)
            return claimed
        if len(self.segments) == MOST_SEGMENTS:
            raise refusals.too_many_segments(MOST_SEGMENTS)
        segment = Segment(
            segment_id=segment_id,
            number=len(self.segments) + 1,
            name=f"recordings/{self.recording_id}/segments/{segment_id}",
            capture=capture,
            started_by=by,
            started_at=at,
        )
        self.segments.append(segment)
        return segment

    def note_upload(self, segment_id: str, upload_id: str) -> None:
        self._check_open()
        self.segment(segment_id).upload_id = upload_id

    def segment_to_complete(self, segment_id: str) -> Segment | None:
        """None when it is stored already."""
        segment = self.segment(segment_id)
        if segment.is_stored:
            return None
        self._check_open()
        return segment

    def keep_segment(self, segment_id: str, found: Found, at: datetime) -> None:
        segment = self.segment_to_complete(segment_id)
        if segment is not None:
            segment.keep(found, at)

    def mark(self, mark: Mark) -> None:
        """A node may be said again; the last time counts, and every time is kept."""
        self._check_open()
        self.node(mark.node_id)
        self.segment(mark.segment_id)
        if mark.repeats(self.last_mark(mark.node_id)):
            return
        if len(self.marks) == MOST_MARKS:
            raise refusals.too_many_marks(MOST_MARKS)
        self.marks.append(mark)

    def check_complete(self) -> None:
        """Everything of the script said, every required yes given, every segment stored."""
        self._check_open()
        missing = [node for node in self.script if self.last_mark(node.node_id) is None]
        if missing:
            raise refusals.nodes_missing(_ids(missing))
        unanswered = [node for node in self.script if not self._is_answered(node)]
        if unanswered:
            raise refusals.answers_missing(_ids(unanswered))
        uploading = [segment.number for segment in self.segments if not segment.is_stored]
        if uploading:
            raise refusals.segments_missing(", ".join(map(str, uploading)))

    def start_sealing(self, seal: Seal) -> None:
        self.check_complete()
        self.seal, self.state = seal, State.SEALING

    def finish_sealing(self, manifest_version: str) -> RecordingSealed | None:
        """None when it is sealed already."""
        if self.state is State.SEALED or self.seal is None:
            return None
        self.seal = replace(self.seal, manifest_version=manifest_version)
        self.state = State.SEALED
        return RecordingSealed(
            self.recording_id, self.sale_id, self.customer_id, self.product_id, self.seal
        )

    def abandon(self, *, reason: str, by: str, at: datetime) -> RecordingAbandoned | None:
        """None when it was abandoned already."""
        if self.state is State.ABANDONED:
            return None
        self._check_open()
        self.state, self.abandonment = State.ABANDONED, Abandonment(reason, by, at)
        return RecordingAbandoned(self.recording_id, self.sale_id, at)

    def _is_answered(self, node: ScriptNode) -> bool:
        mark = self.last_mark(node.node_id)
        return not node.answer_required or (mark is not None and mark.answer is Answer.YES)

    def _check_open(self) -> None:
        if self.state is not State.OPEN:
            raise refusals.not_open(self.state)


def _check_claim(claimed: Segment, capture: Capture) -> None:
    if claimed.is_stored:
        raise Conflict(
            "segment_already_stored",
            "this segment is stored already",
            "该分段已上传完成",
            field="sha256",
        )
    if claimed.capture != capture:
        raise Conflict(
            "segment_claimed_differently",
            "a segment with this SHA-256 was started with another size or type; repeat the first",
            "相同 SHA-256 的分段此前以不同的大小或类型发起，请按首次的信息重试",
            field="sha256",
        )


def _ids(nodes: Iterable[ScriptNode]) -> str:
    return ", ".join(node.node_id for node in nodes)
