"""A node of the script was said, and the client answered."""

from dataclasses import dataclass

from services.recording.domain.actor import Actor
from services.recording.domain.mark import Mark
from services.recording.usecases.ports import RecordingWork
from services.recording.usecases.serving import recording_for


@dataclass(frozen=True, kw_only=True)
class MarkNode:
    recording_id: str
    mark: Mark
    by: Actor


def mark_node(command: MarkNode, work: RecordingWork) -> None:
    recording = recording_for(command.by, command.recording_id, work)
    recording.mark(command.mark)
    work.recordings.save(recording)
