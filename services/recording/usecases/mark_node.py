"""A node of the script was said, and the client answered."""

from dataclasses import dataclass

from services.recording.domain.mark import Mark
from services.recording.usecases.ports import RecordingWork


@dataclass(frozen=True, kw_only=True)
class MarkNode:
    recording_id: str
    mark: Mark


def mark_node(command: MarkNode, work: RecordingWork) -> None:
    recording = work.recordings.get(command.recording_id)
    recording.mark(command.mark)
    work.recordings.save(recording)
