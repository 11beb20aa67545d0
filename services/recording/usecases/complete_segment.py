"""All parts of a segment are uploaded: it is stored once its bytes are those captured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.recording.domain import refusals
from services.recording.domain.actor import Actor
from services.recording.domain.segment import Found, Segment
from services.recording.usecases.ports import Evidence, Part, RecordingWork, Run, Upload
from services.recording.usecases.serving import recording_for


@dataclass(frozen=True, kw_only=True)
class CompleteSegment:
    recording_id: str
    segment_id: str
    parts: Sequence[Part]
    by: Actor
    at: datetime


@dataclass(frozen=True, kw_only=True)
class KeepSegment:
    recording_id: str
    segment_id: str
    found: Found
    at: datetime


def complete_segment(command: CompleteSegment, run: Run, evidence: Evidence) -> None:
    segment = run(segment_to_complete, command)
    if segment is None:
        return
    stored = evidence.assemble(Upload(segment.name, segment.upload_id), _in_order(command, segment))
    kept = KeepSegment(
        recording_id=command.recording_id,
        segment_id=command.segment_id,
        found=evidence.measure(stored),
        at=command.at,
    )
    run(keep_segment, kept)


def segment_to_complete(command: CompleteSegment, work: RecordingWork) -> Segment | None:
    recording = recording_for(command.by, command.recording_id, work)
    return recording.segment_to_complete(command.segment_id)


def keep_segment(command: KeepSegment, work: RecordingWork) -> None:
    recording = work.recordings.get(command.recording_id)
    recording.keep_segment(command.segment_id, command.found, command.at)
    work.recordings.save(recording)


def _in_order(command: CompleteSegment, segment: Segment) -> list[Part]:
    parts = sorted(command.parts, key=lambda part: part.number)
    if [part.number for part in parts] != list(range(1, segment.capture.parts + 1)):
        raise refusals.parts_not_uploaded()
    return parts
