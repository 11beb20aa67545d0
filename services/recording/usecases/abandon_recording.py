"""A recording is given up; the sale may be recorded anew."""

from dataclasses import dataclass
from datetime import datetime

from services.recording.usecases.ports import RecordingWork


@dataclass(frozen=True, kw_only=True)
class AbandonRecording:
    recording_id: str
    reason: str
    by: str
    at: datetime


def abandon_recording(command: AbandonRecording, work: RecordingWork) -> None:
    recording = work.recordings.get(command.recording_id)
    abandoned = recording.abandon(reason=command.reason, by=command.by, at=command.at)
    if abandoned:
        work.recordings.save(recording)
        work.announce(abandoned)
