"""Dual recordings 双录."""

from marshmallow import fields

from gateway.schemas import shown, taken
from gateway.schemas.paging import PageAsked

CONTENT_TYPES = ("video/webm", "video/mp4", "audio/webm", "audio/mp4")
LARGEST_SEGMENT = 5 * 1024**4  # bytes; what an object store takes
STATES = ("open", "sealing", "sealed", "abandoned")


class Node(shown.Shown):
    node_id = shown.Id()
    title_zh = shown.Text()
    title_en = shown.Text()
    say_zh = shown.Text()
    answer_required = shown.Flag()
    done = shown.Flag()
    segment_id = shown.Text()
    offset_ms = shown.Count()
    answer = shown.Text("yes, no")


class Segment(shown.Shown):
    segment_id = shown.Id()
    number = shown.Count()
    content_type = shown.Text(", ".join(CONTENT_TYPES))
    byte_size = shown.Count()
    sha256 = shown.Text()
    state = shown.Text("uploading, stored")


class Recording(shown.Shown):
    recording_id = shown.Id()
    sale_id = shown.Id()
    customer_id = shown.Id()
    product_id = shown.Id()
    state = shown.Text(", ".join(STATES))
    nodes = shown.Parts(Node)
    segments = shown.Parts(Segment)
    manifest_digest = shown.Text("SHA-256")
    retain_until = shown.Day()
    retention_rules = shown.Words()
    opened_by = shown.Text()
    opened_at = shown.Moment()
    sealed_at = shown.Moment()
    version = shown.Count()


class RecordingsAsked(PageAsked):
    sale_id = taken.Id()
    customer_id = taken.Id()
    state = taken.Choice(*STATES)


class Opening(taken.Strict):
    sale_id = taken.Id(required=True)


class SegmentTaken(taken.Strict):
    content_type = taken.Choice(*CONTENT_TYPES, required=True)
    byte_size = taken.Count(1, LARGEST_SEGMENT, required=True)
    sha256 = taken.Digest(required=True)


class PartUpload(shown.Shown):
    number = shown.Count()
    url = fields.String(required=True, metadata={"description": "PUT the part's bytes here"})


class Upload(shown.Shown):
    segment_id = shown.Id()
    part_size = shown.Count()
    parts = shown.Parts(PartUpload)
    expires_at = shown.Moment()


class UploadedPart(taken.Strict):
    number = taken.Count(1, 10_000, required=True)
    etag = taken.Name(longest=100, required=True)


class Completion(taken.Strict):
    parts = taken.Parts(UploadedPart, most=10_000, required=True)


class Mark(taken.Strict):
    segment_id = taken.Id(required=True)
    offset_ms = taken.Count(required=True)
    answer = taken.Choice("yes", "no")


class Abandonment(taken.Strict):
    reason = taken.Name(longest=500, required=True)


class Playback(shown.Shown):
    url = fields.String(required=True)
    expires_at = shown.Moment()
