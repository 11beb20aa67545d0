"""A complete recording is sealed: hashed, locked, announced, and final.

The seal is decided and committed first; sealing again after a crash locks and keeps exactly
what was decided then.
"""

from dataclasses import dataclass
from datetime import datetime

from services.recording.domain.actor import Actor
from services.recording.domain.institution import Institution
from services.recording.domain.known import product_not_known_yet
from services.recording.domain.manifest import seal_of
from services.recording.domain.recording import Recording, State
from services.recording.domain.seal import Seal
from services.recording.usecases.ports import Evidence, RecordingWork, Run
from services.recording.usecases.serving import recording_for


@dataclass(frozen=True, kw_only=True)
class SealRecording:
    recording_id: str
    institution: Institution
    by: Actor
    at: datetime


@dataclass(frozen=True, kw_only=True)
class FinishSealing:
    recording_id: str
    manifest_version: str


def seal_recording(command: SealRecording, run: Run, evidence: Evidence) -> None:
    recording = run(start_sealing, command)
    if recording.seal is None or recording.state is State.SEALED:
        return
    version = _lock(recording, recording.seal, evidence)
    run(
        finish_sealing,
        FinishSealing(recording_id=command.recording_id, manifest_version=version),
    )


def start_sealing(command: SealRecording, work: RecordingWork) -> Recording:
    recording = recording_for(command.by, command.recording_id, work)
    if recording.state in (State.SEALING, State.SEALED):
        return recording
    recording.check_complete()
    product = work.products.find(recording.product_id)
    if product is None:
        raise product_not_known_yet()
    kept = command.institution.least_retention(product, command.at)
    recording.start_sealing(
        seal_of(recording, kept, command.institution, by=command.by.staff_id, at=command.at)
    )
    work.recordings.save(recording)
    return recording


def finish_sealing(command: FinishSealing, work: RecordingWork) -> None:
    recording = work.recordings.get(command.recording_id)
    sealed = recording.finish_sealing(command.manifest_version)
    if sealed:
        work.recordings.save(recording)
        work.announce(sealed)


def _lock(recording: Recording, seal: Seal, evidence: Evidence) -> str:
    for segment in recording.segments:
        evidence.lock(segment.stored_object, seal.locked_until)
    manifest = evidence.keep(recording.manifest_name, seal.manifest.encode(), seal.locked_until)
    return manifest.version_id
