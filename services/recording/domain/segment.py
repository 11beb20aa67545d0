"""A piece of sound or picture, as it was captured and as it is kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.errors import Invalid, RuleBroken

MEBIBYTE = 1024 * 1024
PART_SIZE = 8 * MEBIBYTE  # S3 takes no part below 5 MiB but the last
MOST_PARTS = 1000  # S3 takes ten times as many; an answer with their addresses stays small


class ContentType(StrEnum):
    VIDEO_WEBM = "video/webm"
    VIDEO_MP4 = "video/mp4"
    AUDIO_WEBM = "audio/webm"
    AUDIO_MP4 = "audio/mp4"


@dataclass(frozen=True)
class Capture:
    """What the capturing device says of a segment."""

    content_type: ContentType
    byte_size: int
    sha256: str  # hex, of all its bytes

    @property
    def part_size(self) -> int:
        """Bytes of each part of the upload; the last one may be smaller."""
        least = -(-self.byte_size // MOST_PARTS)
        return max(PART_SIZE, -(-least // MEBIBYTE) * MEBIBYTE)

    @property
    def parts(self) -> int:
        return -(-self.byte_size // self.part_size)

    def check_size(self, largest: int) -> None:
        if not 0 < self.byte_size <= largest:
            raise Invalid(
                "segment_size_out_of_range",
                f"a segment has between 1 and {largest} bytes; record in shorter segments",
                f"分段大小须在 1 到 {largest} 字节之间，请缩短每段录制时长",
                field="byte_size",
            )


@dataclass(frozen=True)
class StoredObject:
    """One version of one object; versions never change."""

    name: str
    version_id: str


@dataclass(frozen=True)
class Found:
    """What the object store really holds."""

    version_id: str
    byte_size: int
    sha256: str


@dataclass(eq=False, kw_only=True)
class Segment:
    segment_id: str
    number: int  # from 1
    name: str  # of its object
    capture: Capture
    started_by: str
    started_at: datetime
    upload_id: str = ""  # of the last multipart upload that was begun
    version_id: str = ""  # of the object, once it is stored
    stored_at: datetime | None = None

    @property
    def is_stored(self) -> bool:
        return self.stored_at is not None

    @property
    def stored_object(self) -> StoredObject:
        return StoredObject(self.name, self.version_id)

    def keep(self, found: Found, at: datetime) -> None:
        """No editing of any kind: what arrived is what was captured (REC-08)."""
        if (found.byte_size, found.sha256) != (self.capture.byte_size, self.capture.sha256):
            raise RuleBroken(
                "segment_altered",
                "what was uploaded is not what was captured; start the segment again and upload "
                "the original",
                "上传内容与采集时的内容不一致，请重新发起该分段并上传原始文件",
                rule="REC-08",
            )
        self.version_id, self.stored_at = found.version_id, at
