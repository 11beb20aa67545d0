"""A recording is given up; the sale may be recorded anew."""

from dataclasses import dataclass
from datetime import datetime

from services.recording.domain.actor import Actor
from services.recording.usecases.ports import RecordingWork
from services.recording.usecases.serving import recording_for


@dataclass(frozen=True, kw_only=True)
class AbandonRecording:
    recording_id: str
    reason: str
    by: Actor
    at: datetime


def abandon_recording(command: AbandonRecording, work: RecordingWork) -> None:
    recording = recording_for(command.by, command.recording_id, work)
    abandoned = recording.abandon(reason=command.reason, by=command.by.staff_id, at=command.at)
    if abandoned:
        work.recordings.save(recording)
        work.announce(abandoned)
