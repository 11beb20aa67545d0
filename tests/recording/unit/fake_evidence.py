"""An object store in memory that keeps, locks and refuses as the one on S3."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import md5, sha256
from urllib.parse import parse_qs, urlsplit

from chassis.ids import new_id
from services.recording.domain import refusals
from services.recording.domain.segment import ContentType, Found, StoredObject
from services.recording.usecases.ports import Part, Upload


@dataclass
class Kept:
    content: bytes
    locked_until: datetime | None = None


@dataclass
class FakeEvidence:
    uploads: dict[Upload, dict[int, bytes]] = field(default_factory=dict)
    objects: dict[StoredObject, Kept] = field(default_factory=dict)

    def begin_upload(self, name: str, content_type: ContentType) -> str:
        upload = Upload(name, new_id())
        self.uploads[upload] = {}
        return upload.upload_id

    def is_open(self, upload: Upload) -> bool:
        return upload in self.uploads

    def part_addresses(self, upload: Upload, parts: int, valid_for: timedelta) -> list[str]:
        return [
            f"memory:{upload.name}?upload={upload.upload_id}&part={number}"
            for number in range(1, parts + 1)
        ]

    def put(self, address: str, content: bytes) -> str:
        """As a front-end would; answers the etag."""
        parts = urlsplit(address)
        query = parse_qs(parts.query)
        upload = Upload(parts.path, query["upload"][0])
        self.uploads[upload][int(query["part"][0])] = content
        return etag_of(content)

    def assemble(self, upload: Upload, parts: Sequence[Part]) -> StoredObject:
        if upload in self.uploads:
            return self._make(upload, parts)
        newest = self._newest(upload.name)
        if newest is None:
            raise refusals.upload_gone()
        return newest

    def measure(self, stored: StoredObject) -> Found:
        content = self.objects[stored].content
        return Found(stored.version_id, len(content), sha256(content).hexdigest())

    def lock(self, stored: StoredObject, until: datetime) -> None:
        kept = self.objects[stored]
        if kept.locked_until is None or kept.locked_until < until:
            kept.locked_until = until

    def keep(self, name: str, content: bytes, until: datetime) -> StoredObject:
        newest = self._newest(name)
        if newest is None or self.objects[newest].content != content:
            newest = StoredObject(name, new_id())
            self.objects[newest] = Kept(content)
        self.lock(newest, until)
        return newest

    def abort_uploads(self, name: str) -> None:
        for upload in [upload for upload in self.uploads if upload.name == name]:
            del self.uploads[upload]

    def playback_address(
        self, stored: StoredObject, content_type: ContentType, valid_for: timedelta
    ) -> str:
        return f"memory:{stored.name}?version={stored.version_id}"

    def _make(self, upload: Upload, parts: Sequence[Part]) -> StoredObject:
        there = self.uploads[upload]
        if any(etag_of(there.get(part.number)) != part.etag for part in parts):
            raise refusals.parts_not_uploaded()
        stored = StoredObject(upload.name, new_id())
        self.objects[stored] = Kept(b"".join(there[part.number] for part in parts))
        del self.uploads[upload]
        return stored

    def _newest(self, name: str) -> StoredObject | None:
        return next((each for each in reversed(self.objects) if each.name == name), None)


def etag_of(content: bytes | None) -> str:
    return "" if content is None else md5(content).hexdigest()
