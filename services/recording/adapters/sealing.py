"""Where what staff typed about a recording rests under seal."""

from chassis.sealing.columns import Clear, Sealed, SealedTable
from services.recording.adapters.tables import recordings


def place_of_reason(recording_id: str) -> str:
    return f"recording/{recording_id}/abandoned_reason"


SEALED = (
    SealedTable(
        recordings,
        recordings.c.recording_id,
        [
            Sealed(
                recordings.c.abandoned_reason_sealed,
                lambda row: place_of_reason(row.recording_id),
                Clear(recordings.c.abandoned_reason, None),
            )
        ],
    ),
)
