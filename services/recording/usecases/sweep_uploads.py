"""What uploads left behind in the object store is dropped after a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.recording.usecases.ports import BegunUpload, Evidence, RecordingWork, Run

LEFT_FOR = timedelta(hours=24)
MOST_AT_A_TIME = 100


@dataclass(frozen=True)
class SweepUploads:
    at: datetime


def sweep_uploads(command: SweepUploads, run: Run, evidence: Evidence) -> None:
    for begun in run(old_uploads, command):
        evidence.abort_uploads(begun.name)
        run(forget_upload, begun)


def old_uploads(command: SweepUploads, work: RecordingWork) -> Sequence[BegunUpload]:
    return work.uploads.begun_before(command.at - LEFT_FOR, MOST_AT_A_TIME)


def forget_upload(begun: BegunUpload, work: RecordingWork) -> None:
    work.uploads.forget(begun)
