"""A captured segment is announced, and gets addresses to upload it to.

Starting the same segment again continues its upload, or begins a new one when that ran out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.recording.domain.actor import Actor
from services.recording.domain.segment import Capture, Segment
from services.recording.usecases.ports import BegunUpload, Evidence, RecordingWork, Run, Upload
from services.recording.usecases.serving import recording_for

ADDRESSES_VALID_FOR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class StartSegment:
    recording_id: str
    segment_id: str  # for a segment that was not started before
    capture: Capture
    largest: int  # bytes
    by: Actor
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NoteUpload:
    recording_id: str
    segment_id: str
    upload_id: str


@dataclass(frozen=True)
class StartedSegment:
    segment_id: str
    part_size: int
    addresses: list[str]  # one per part, in order
    expires_at: datetime


def start_segment(command: StartSegment, run: Run, evidence: Evidence) -> StartedSegment:
    command.capture.check_size(command.largest)
    segment = run(claim_segment, command)
    upload = _continue_upload(segment, evidence) or _begin_upload(command, segment, run, evidence)
    return StartedSegment(
        segment.segment_id,
        command.capture.part_size,
        evidence.part_addresses(upload, command.capture.parts, ADDRESSES_VALID_FOR),
        command.at + ADDRESSES_VALID_FOR,
    )


def claim_segment(command: StartSegment, work: RecordingWork) -> Segment:
    """Noted before anything is begun: whatever a crash leaves behind can be found."""
    recording = recording_for(command.by, command.recording_id, work)
    segment = recording.claim_segment(
        command.capture, segment_id=command.segment_id, by=command.by.staff_id, at=command.at
    )
    work.recordings.save(recording)
    work.uploads.note(BegunUpload(segment.name, command.at))
    return segment


def note_upload(command: NoteUpload, work: RecordingWork) -> None:
    recording = work.recordings.get(command.recording_id)
    recording.note_upload(command.segment_id, command.upload_id)
    work.recordings.save(recording)


def _continue_upload(segment: Segment, evidence: Evidence) -> Upload | None:
    upload = Upload(segment.name, segment.upload_id)
    return upload if segment.upload_id and evidence.is_open(upload) else None


def _begin_upload(command: StartSegment, segment: Segment, run: Run, evidence: Evidence) -> Upload:
    upload_id = evidence.begin_upload(segment.name, command.capture.content_type)
    noted = NoteUpload(
        recording_id=command.recording_id, segment_id=segment.segment_id, upload_id=upload_id
    )
    run(note_upload, noted)
    return Upload(segment.name, upload_id)
