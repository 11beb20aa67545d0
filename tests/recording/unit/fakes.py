"""Recordings in memory that behave as those in PostgreSQL."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime

from chassis.database import changed_meanwhile
from chassis.errors import Conflict
from chassis.trail import Entry
from services.recording.adapters.scripts import ScriptFiles
from services.recording.domain import refusals
from services.recording.domain.known import Product, Sale
from services.recording.domain.recording import Recording, State
from services.recording.usecases.ports import Announcement, BegunUpload


@dataclass
class Contents:
    recordings: dict[str, Recording] = field(default_factory=dict)
    sales: dict[str, tuple[int, Sale]] = field(default_factory=dict)
    products: dict[str, tuple[int, Product]] = field(default_factory=dict)
    uploads: dict[str, BegunUpload] = field(default_factory=dict)
    handled: set[str] = field(default_factory=set)
    announced: list[Announcement] = field(default_factory=list)
    recorded: list[Entry] = field(default_factory=list)


class FakeRecordings:
    def __init__(self, rows: dict[str, Recording]) -> None:
        self._rows = rows

    def get(self, recording_id: str) -> Recording:
        if recording_id not in self._rows:
            raise refusals.no_such_recording()
        return deepcopy(self._rows[recording_id])

    def of_sale(self, sale_id: str) -> Recording | None:
        return next(
            (
                deepcopy(recording)
                for recording in self._rows.values()
                if recording.sale_id == sale_id and recording.state is not State.ABANDONED
            ),
            None,
        )

    def add(self, recording: Recording) -> None:
        if self.of_sale(recording.sale_id) is not None:
            raise Conflict("already_exists", "this exists already", "该记录已存在")
        recording.version += 1
        self._rows[recording.recording_id] = deepcopy(recording)

    def save(self, recording: Recording) -> None:
        if self._rows[recording.recording_id].version != recording.version:
            raise changed_meanwhile()
        recording.version += 1
        self._rows[recording.recording_id] = deepcopy(recording)


class FakeSales:
    def __init__(self, rows: dict[str, tuple[int, Sale]]) -> None:
        self._rows = rows

    def find(self, sale_id: str) -> Sale | None:
        return self._rows[sale_id][1] if sale_id in self._rows else None

    def keep(self, sale: Sale, sequence: int) -> None:
        if sequence > self._rows.get(sale.sale_id, (-1,))[0]:
            self._rows[sale.sale_id] = (sequence, sale)


class FakeProducts:
    def __init__(self, rows: dict[str, tuple[int, Product]]) -> None:
        self._rows = rows

    def find(self, product_id: str) -> Product | None:
        return self._rows[product_id][1] if product_id in self._rows else None

    def keep(self, product: Product, sequence: int) -> None:
        if sequence > self._rows.get(product.product_id, (-1,))[0]:
            self._rows[product.product_id] = (sequence, product)


class FakeUploads:
    def __init__(self, rows: dict[str, BegunUpload]) -> None:
        self._rows = rows

    def note(self, begun: BegunUpload) -> None:
        self._rows[begun.name] = begun

    def begun_before(self, moment: datetime, most: int) -> Sequence[BegunUpload]:
        begun = [upload for upload in self._rows.values() if upload.begun_at < moment]
        return sorted(begun, key=lambda upload: (upload.begun_at, upload.name))[:most]

    def forget(self, begun: BegunUpload) -> None:
        if self._rows.get(begun.name) == begun:
            del self._rows[begun.name]


class FakeWork:
    def __init__(self, database: "FakeDatabase") -> None:
        self._database = database
        self._contents = deepcopy(database.contents)
        self.recordings = FakeRecordings(self._contents.recordings)
        self.sales = FakeSales(self._contents.sales)
        self.products = FakeProducts(self._contents.products)
        self.uploads = FakeUploads(self._contents.uploads)
        self.scripts = ScriptFiles()

    def already_handled(self, message_id: str) -> bool:
        known = message_id in self._contents.handled
        self._contents.handled.add(message_id)
        return known

    def announce(self, event: Announcement) -> None:
        self._contents.announced.append(event)

    def record(self, entry: Entry) -> None:
        self._contents.recorded.append(entry)

    def commit(self) -> None:
        self._database.contents = deepcopy(self._contents)


class FakeDatabase:
    def __init__(self) -> None:
        self.contents = Contents()

    @contextmanager
    def begin(self) -> Iterator[FakeWork]:
        yield FakeWork(self)
