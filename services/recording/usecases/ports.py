"""What the use cases of recording need from the outside world.

Recordings and sales of clients whom the caller may not see are not there; for events and timers
everything is.

Use cases that move evidence take `run` and `evidence` instead of `work`: no transaction is
open while the object store is busy. What they intend is committed first, so that after a
crash calling them again completes what was begun.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from chassis.custodians import CustodyWork
from services.recording.domain.events import RecordingAbandoned, RecordingOpened, RecordingSealed
from services.recording.domain.known import Product, Sale
from services.recording.domain.recording import Recording
from services.recording.domain.regime import ProductKind
from services.recording.domain.script import BuiltInNode
from services.recording.domain.segment import ContentType, Found, StoredObject

Announcement = RecordingOpened | RecordingSealed | RecordingAbandoned

C = TypeVar("C")
R = TypeVar("R")


class Recordings(Protocol):
    def get(self, recording_id: str) -> Recording:
        """Raise NotFound when there is none."""
        ...

    def of_sale(self, sale_id: str) -> Recording | None:
        """The one that was not abandoned."""
        ...

    def add(self, recording: Recording) -> None:
        """Raise Conflict when the sale has another that was not abandoned."""
        ...

    def save(self, recording: Recording) -> None:
        """Raise Conflict when somebody else saved it since it was read."""
        ...


class Sales(Protocol):
    def find(self, sale_id: str) -> Sale | None: ...

    def keep(self, sale: Sale, sequence: int) -> None:
        """Unless something newer is known."""
        ...


class Products(Protocol):
    def find(self, product_id: str) -> Product | None: ...

    def keep(self, product: Product, sequence: int) -> None:
        """Unless something newer is known."""
        ...


@dataclass(frozen=True)
class BegunUpload:
    """Where an upload may have been left behind in the object store."""

    name: str  # of the object
    begun_at: datetime


class Uploads(Protocol):
    def note(self, begun: BegunUpload) -> None: ...

    def begun_before(self, moment: datetime, most: int) -> Sequence[BegunUpload]:
        """Oldest first."""
        ...

    def forget(self, begun: BegunUpload) -> None:
        """Unless it was begun again meanwhile."""
        ...


class Scripts(Protocol):
    def built_in(self, kind: ProductKind) -> Sequence[BuiltInNode]: ...


class RecordingWork(CustodyWork, Protocol):
    @property
    def recordings(self) -> Recordings: ...

    @property
    def sales(self) -> Sales: ...

    @property
    def products(self) -> Products: ...

    @property
    def uploads(self) -> Uploads: ...

    @property
    def scripts(self) -> Scripts: ...

    def announce(self, event: Announcement) -> None: ...


class Run(Protocol):
    """Runs one use case in one transaction of its own."""

    def __call__(self, usecase: Callable[[C, RecordingWork], R], command: C) -> R: ...


@dataclass(frozen=True)
class Upload:
    """A multipart upload of one object."""

    name: str
    upload_id: str


@dataclass(frozen=True)
class Part:
    number: int  # from 1
    etag: str


class Evidence(Protocol):
    """Write-once objects in a bucket with versions and locks.

    Everything raises ConnectionError while the store is away.
    """

    def begin_upload(self, name: str, content_type: ContentType) -> str:
        """The id of a new multipart upload."""
        ...

    def is_open(self, upload: Upload) -> bool: ...

    def part_addresses(self, upload: Upload, parts: int, valid_for: timedelta) -> list[str]:
        """Where each part is put, in order."""
        ...

    def assemble(self, upload: Upload, parts: Sequence[Part]) -> StoredObject:
        """Make one object of the parts; the same object when it was made already.

        Raise Conflict when the upload is gone or these are not its parts.
        """
        ...

    def measure(self, stored: StoredObject) -> Found:
        """Read every byte."""
        ...

    def lock(self, stored: StoredObject, until: datetime) -> None:
        """Nobody deletes it before; a lock is lengthened, never shortened."""
        ...

    def keep(self, name: str, content: bytes, until: datetime) -> StoredObject:
        """A locked object; the same one when it is kept already."""
        ...

    def abort_uploads(self, name: str) -> None:
        """Drop the parts of every upload of this object that was not assembled."""
        ...

    def playback_address(
        self, stored: StoredObject, content_type: ContentType, valid_for: timedelta
    ) -> str: ...
