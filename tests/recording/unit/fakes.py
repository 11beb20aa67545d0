"""Recordings in memory that behave as those in PostgreSQL."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime

from chassis.errors import Conflict
from chassis.scope import EVERYTHING, Scope
from chassis.trail import Entry
from chassis.versions import changed_meanwhile
from services.recording.adapters.scripts import ScriptFiles
from services.recording.domain import refusals
from services.recording.domain.known import Product, Sale
from services.recording.domain.recording import Recording, State
from services.recording.usecases.ports import Announcement, BegunUpload
from tests.custodies import FakeCustodies


@dataclass
class Contents:
    recordings: dict[str, Recording] = field(default_factory=dict)
    sales: dict[str, tuple[int, Sale]] = field(default_factory=dict)
    products: dict[str, tuple[int, Product]] = field(default_factory=dict)
    uploads: dict[str, BegunUpload] = field(default_factory=dict)
    custody: FakeCustodies = field(default_factory=FakeCustodies)
    handled: set[str] = field(default_factory=set)
    announced: list[Announcement] = field(default_factory=list)
    recorded: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Seer:
    """Who the work is done for."""

    custody: FakeCustodies
    scope: Scope

    def sees(self, customer_id: str) -> bool:
        return self.custody.sees(self.scope, customer_id)


class FakeRecordings:
    def __init__(self, rows: dict[str, Recording], seer: Seer) -> None:
        self._rows = rows
        self._seer = seer

    def get(self, recording_id: str) -> Recording:
        found = self._rows.get(recording_id)
        if found is None or not self._seer.sees(found.customer_id):
            raise refusals.no_such_recording()
        return deepcopy(found)

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
    def __init__(self, rows: dict[str, tuple[int, Sale]], seer: Seer) -> None:
        self._rows = rows
        self._seer = seer

    def find(self, sale_id: str) -> Sale | None:
        sale = self._rows.get(sale_id, (0, None))[1]
        return sale if sale and self._seer.sees(sale.customer_id) else None

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
    def __init__(self, database: "FakeDatabase", scope: Scope) -> None:
        self._database = database
        self._contents = deepcopy(database.contents)
        self.custody = self._contents.custody
        seer = Seer(self.custody, scope)
        self.recordings = FakeRecordings(self._contents.recordings, seer)
        self.sales = FakeSales(self._contents.sales, seer)
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
    def begin(self, scope: Scope = EVERYTHING) -> Iterator[FakeWork]:
        yield FakeWork(self, scope)
