"""Only who looks after the client now makes the recording of a sale."""

from services.recording.domain import refusals
from services.recording.domain.actor import Actor
from services.recording.domain.recording import Recording
from services.recording.usecases.ports import RecordingWork


def recording_for(by: Actor, recording_id: str, work: RecordingWork) -> Recording:
    """Refused to whoever sees the recording without serving the client."""
    recording = work.recordings.get(recording_id)
    expect_serving(by, recording.customer_id, work)
    return recording


def expect_serving(by: Actor, customer_id: str, work: RecordingWork) -> None:
    if not by.serves(work.custody.get(customer_id), customer_id):
        raise refusals.not_your_client()
