"""What happens to recordings."""

from dataclasses import dataclass
from datetime import datetime

from services.recording.domain.seal import Seal


@dataclass(frozen=True)
class RecordingOpened:
    recording_id: str
    sale_id: str
    customer_id: str
    product_id: str
    opened_by: str
    at: datetime


@dataclass(frozen=True)
class RecordingSealed:
    recording_id: str
    sale_id: str
    customer_id: str
    product_id: str
    seal: Seal


@dataclass(frozen=True)
class RecordingAbandoned:
    recording_id: str
    sale_id: str
    at: datetime
