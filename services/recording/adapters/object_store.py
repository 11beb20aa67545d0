"""Evidence in an S3 bucket with versions and object lock."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property

from minio.commonconfig import COMPLIANCE
from minio.datatypes import Part as S3Part
from minio.error import S3Error
from minio.retention import Retention

from services.recording.adapters.bucket import (
    Bucket,
    EvidenceAway,
    check,
    connections,
    found,
    reachable,
)
from services.recording.domain import refusals
from services.recording.domain.segment import ContentType, Found, StoredObject
from services.recording.usecases.ports import Part, Upload

CHUNK = 1024 * 1024  # bytes read at a time
NO_UPLOAD, NO_OBJECT = "NoSuchUpload", "NoSuchKey"
WRONG_PARTS = {"InvalidPart", "InvalidPartOrder", "EntityTooSmall"}
# AWS and MinIO say the first of an object that is not locked, SeaweedFS the second.
NOT_LOCKED = {"NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError"}


class S3Evidence:
    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket.name
        self._connections = connections()
        self._store = bucket.client(bucket.endpoint, self._connections)
        self._public = bucket.client(bucket.public_endpoint or bucket.endpoint, self._connections)

    def close(self) -> None:
        self._connections.clear()

    def begin_upload(self, name: str, content_type: ContentType) -> str:
        headers: dict[str, str | list[str] | tuple[str]] = {"Content-Type": content_type.value}
        with reachable():
            return self._store._create_multipart_upload(self._bucket, name, headers)

    def is_open(self, upload: Upload) -> bool:
        with reachable():
            parts = self._store._list_parts
            return found(lambda: parts(self._bucket, upload.name, upload.upload_id, 1), NO_UPLOAD)

    def part_addresses(self, upload: Upload, parts: int, valid_for: timedelta) -> list[str]:
        return [
            self._public.get_presigned_url(
                "PUT",
                self._bucket,
                upload.name,
                expires=valid_for,
                extra_query_params={"uploadId": upload.upload_id, "partNumber": str(number)},
            )
            for number in range(1, parts + 1)
        ]

    def assemble(self, upload: Upload, parts: Sequence[Part]) -> StoredObject:
        with reachable():
            try:
                self._store._complete_multipart_upload(
                    self._bucket,
                    upload.name,
                    upload.upload_id,
                    [S3Part(part.number, part.etag) for part in parts],
                )
            except S3Error as error:
                if error.code in WRONG_PARTS:
                    raise refusals.parts_not_uploaded() from error
                if error.code != NO_UPLOAD:
                    raise
            stored = self._newest(upload.name)
        if stored is None:
            raise refusals.upload_gone()
        return stored

    def measure(self, stored: StoredObject) -> Found:
        digest, size = hashlib.sha256(), 0
        for chunk in self._read(stored):
            digest.update(chunk)
            size += len(chunk)
        return Found(stored.version_id, size, digest.hexdigest())

    def lock(self, stored: StoredObject, until: datetime) -> None:
        with reachable():
            locked_until = self._locked_until(stored)
            if locked_until and locked_until >= until:
                return
            self._store.set_object_retention(
                self._bucket, stored.name, Retention(COMPLIANCE, until), stored.version_id
            )

    def _locked_until(self, stored: StoredObject) -> datetime | None:
        try:
            locked = self._store.get_object_retention(self._bucket, stored.name, stored.version_id)
        except S3Error as error:
            if error.code in NOT_LOCKED:
                return None
            raise
        return locked.retain_until_date if locked else None

    def keep(self, name: str, content: bytes, until: datetime) -> StoredObject:
        with reachable():
            present = self._newest(name)
        if present and self.measure(present).sha256 == hashlib.sha256(content).hexdigest():
            self.lock(present, until)
            return present
        with reachable():
            put = self._store.put_object(
                self._bucket,
                name,
                io.BytesIO(content),
                len(content),
                content_type="application/json",
                retention=Retention(COMPLIANCE, until),
            )
        return StoredObject(name, put.version_id or "")

    def abort_uploads(self, name: str) -> None:
        with reachable():
            for upload in self._store._list_multipart_uploads(self._bucket, prefix=name).uploads:
                if upload.object_name == name:
                    self._abort(Upload(name, upload.upload_id or ""))

    def playback_address(
        self, stored: StoredObject, content_type: ContentType, valid_for: timedelta
    ) -> str:
        return self._public.get_presigned_url(
            "GET",
            self._bucket,
            stored.name,
            expires=valid_for,
            version_id=stored.version_id,
            response_headers={"response-content-type": content_type.value},
        )

    def ready(self) -> bool:
        """The bucket was seen to protect what is in it."""
        try:
            return self._checked
        except EvidenceAway:
            return False

    @cached_property
    def _checked(self) -> bool:
        with reachable():
            check(self._store, self._bucket)
        return True

    def _newest(self, name: str) -> StoredObject | None:
        try:
            version = self._store.stat_object(self._bucket, name).version_id
        except S3Error as error:
            if error.code == NO_OBJECT:
                return None
            raise
        return StoredObject(name, version or "")

    def _read(self, stored: StoredObject) -> Iterator[bytes]:
        with reachable():
            response = self._store.get_object(
                self._bucket, stored.name, version_id=stored.version_id
            )
            try:
                yield from response.stream(CHUNK)
            finally:
                response.close()
                response.release_conn()

    def _abort(self, upload: Upload) -> None:
        found(
            lambda: self._store._abort_multipart_upload(
                self._bucket, upload.name, upload.upload_id
            ),
            NO_UPLOAD,
        )
