"""Somebody who inspects watches a segment; that they did is kept."""

from dataclasses import dataclass

from chassis.trail import Entry
from services.recording.domain import refusals
from services.recording.domain.actor import Actor
from services.recording.domain.segment import Segment
from services.recording.usecases.ports import RecordingWork


@dataclass(frozen=True, kw_only=True)
class WatchSegment:
    recording_id: str
    segment_id: str
    by: Actor


def watch_segment(command: WatchSegment, work: RecordingWork) -> Segment:
    if not command.by.inspects:
        raise refusals.watching_needs_inspection()
    segment = work.recordings.get(command.recording_id).segment(command.segment_id)
    if not segment.is_stored:
        raise refusals.not_stored_yet()
    work.record(
        Entry(
            action="recording.watched",
            subject=command.recording_id,
            details={"segment_id": command.segment_id},
        )
    )
    return segment
