"""Dual recordings."""

from liheng.recording.v1 import recording_pb2 as pb
from tests.gateway.cases.case import NOON_SHOWN, NOON_STAMP, Case

DIGEST = "0" * 64
NODE = pb.Node(node_id="identity", done=True, offset_ms=1500, answer="yes")
SEGMENT = pb.Segment(segment_id="g-1", number=1, byte_size=2**40, sha256=DIGEST, state="stored")
RECORDING = pb.Recording(
    recording_id="r-1",
    sale_id="x-1",
    customer_id="c-1",
    product_id="P1",
    state="open",
    nodes=[NODE],
    segments=[SEGMENT],
    opened_at=NOON_STAMP,
)

CASES = [
    Case(
        operation="open_recording",
        path="/recordings",
        role="adviser",
        json={"sale_id": "x-1"},
        rpc="OpenRecording",
        request=pb.OpenRecordingRequest(sale_id="x-1"),
        answer=pb.OpenRecordingResponse(recording=RECORDING),
        status=201,
        location="/v1/recordings/r-1",
    ),
    Case(
        operation="list_recordings",
        path="/recordings",
        role="inspector",
        query={"state": "sealed", "sale_id": "x-1"},
        rpc="ListRecordings",
        request=pb.ListRecordingsRequest(state="sealed", sale_id="x-1"),
        answer=pb.ListRecordingsResponse(recordings=[RECORDING]),
    ),
    Case(
        operation="get_recording",
        path="/recordings/r-1",
        role="inspector",
        rpc="GetRecording",
        request=pb.GetRecordingRequest(recording_id="r-1"),
        answer=pb.GetRecordingResponse(recording=RECORDING),
        shows={"opened_at": NOON_SHOWN, "sealed_at": None, "manifest_digest": None},
    ),
    Case(
        operation="start_segment",
        path="/recordings/r-1/segments",
        role="adviser",
        json={"content_type": "video/webm", "byte_size": 2**40, "sha256": DIGEST},
        rpc="StartSegment",
        request=pb.StartSegmentRequest(
            recording_id="r-1", content_type="video/webm", byte_size=2**40, sha256=DIGEST
        ),
        answer=pb.StartSegmentResponse(
            segment_id="g-1",
            part_size=8,
            parts=[pb.PartUpload(number=1, url="http://s3/x?y")],
            expires_at=NOON_STAMP,
        ),
        status=201,
        shows={"parts": [{"number": 1, "url": "http://s3/x?y"}], "part_size": 8},
    ),
    Case(
        operation="complete_segment",
        path="/recordings/r-1/segments/g-1/completions",
        role="adviser",
        json={"parts": [{"number": 1, "etag": '"abc"'}]},
        rpc="CompleteSegment",
        request=pb.CompleteSegmentRequest(
            recording_id="r-1",
            segment_id="g-1",
            parts=[pb.UploadedPart(number=1, etag='"abc"')],
        ),
        answer=pb.CompleteSegmentResponse(segment=SEGMENT),
        status=201,
        shows={"byte_size": 2**40},
    ),
    Case(
        operation="get_playback",
        path="/recordings/r-1/segments/g-1/playback",
        role="inspector",
        rpc="GetPlayback",
        request=pb.GetPlaybackRequest(recording_id="r-1", segment_id="g-1"),
        answer=pb.GetPlaybackResponse(url="http://s3/x", expires_at=NOON_STAMP),
    ),
    Case(
        operation="mark_node",
        path="/recordings/r-1/nodes/identity/marks",
        role="adviser",
        json={"segment_id": "g-1", "offset_ms": 1500, "answer": "yes"},
        rpc="MarkNode",
        request=pb.MarkNodeRequest(
            recording_id="r-1",
            node_id="identity",
            segment_id="g-1",
            offset_ms=1500,
            answer="yes",
        ),
        answer=pb.MarkNodeResponse(node=NODE),
        status=201,
    ),
    Case(
        operation="seal_recording",
        path="/recordings/r-1/seals",
        role="adviser",
        rpc="SealRecording",
        request=pb.SealRecordingRequest(recording_id="r-1"),
        answer=pb.SealRecordingResponse(recording=RECORDING),
        status=201,
    ),
    Case(
        operation="abandon_recording",
        path="/recordings/r-1/abandonments",
        role="adviser",
        json={"reason": "客户离开"},
        rpc="AbandonRecording",
        request=pb.AbandonRecordingRequest(recording_id="r-1", reason="客户离开"),
        answer=pb.AbandonRecordingResponse(),
        status=204,
    ),
]
