"""/recordings: dual recordings of sales."""

from gateway.operation import Asked, Routes
from gateway.schemas import recordings as schemas
from gateway.schemas.shown import page_of
from gateway.sentences import Sentence
from gateway.services import LONG_PATIENCE
from liheng.recording.v1 import recording_pb2 as pb

recordings = Routes("recording")


@recordings.post(
    "/recordings",
    permission="recording.record",
    summary=Sentence("Open a recording from the product's script", "按产品话术开始双录"),
    body=schemas.Opening,
    shows=schemas.Recording,
    status=201,
    location="/recordings/{recording_id}",
    refusals=frozenset({404}),
)
async def open_recording(asked: Asked) -> pb.Recording:
    request = pb.OpenRecordingRequest(**asked.body)
    return (await asked.call(asked.services.recording.OpenRecording, request)).recording


@recordings.get(
    "/recordings",
    permission="recording.read",
    summary=Sentence("List recordings, newest first", "双录列表"),
    query=schemas.RecordingsAsked,
    shows=page_of(schemas.Recording, "recordings"),
)
async def list_recordings(asked: Asked) -> pb.ListRecordingsResponse:
    request = pb.ListRecordingsRequest(**asked.query)
    return await asked.call(asked.services.recording.ListRecordings, request)


@recordings.get(
    "/recordings/{recording_id}",
    permission="recording.read",
    summary=Sentence("One recording: script, segments, seal", "双录详情"),
    shows=schemas.Recording,
)
async def get_recording(asked: Asked) -> pb.Recording:
    request = pb.GetRecordingRequest(**asked.path)
    return (await asked.call(asked.services.recording.GetRecording, request)).recording


@recordings.post(
    "/recordings/{recording_id}/segments",
    permission="recording.record",
    summary=Sentence("Where to upload a segment, part by part", "获取分段上传地址"),
    body=schemas.SegmentTaken,
    shows=schemas.Upload,
    status=201,
)
async def start_segment(asked: Asked) -> pb.StartSegmentResponse:
    request = pb.StartSegmentRequest(**asked.path, **asked.body)
    return await asked.call(asked.services.recording.StartSegment, request)


@recordings.post(
    "/recordings/{recording_id}/segments/{segment_id}/completions",
    permission="recording.record",
    summary=Sentence("All parts of a segment are uploaded", "分段上传完成"),
    body=schemas.Completion,
    shows=schemas.Segment,
    status=201,
)
async def complete_segment(asked: Asked) -> pb.Segment:
    request = pb.CompleteSegmentRequest(**asked.path, **asked.body)
    call = asked.services.recording.CompleteSegment
    return (await asked.call(call, request, seconds=LONG_PATIENCE)).segment


@recordings.get(
    "/recordings/{recording_id}/segments/{segment_id}/playback",
    permission="recording.play",
    summary=Sentence("Where a segment can be watched, for a short time", "获取回放地址"),
    shows=schemas.Playback,
    refusals=frozenset({409}),
)
async def get_playback(asked: Asked) -> pb.GetPlaybackResponse:
    request = pb.GetPlaybackRequest(**asked.path)
    return await asked.call(asked.services.recording.GetPlayback, request)


@recordings.post(
    "/recordings/{recording_id}/nodes/{node_id}/marks",
    permission="recording.record",
    summary=Sentence("A node of the script was said, and answered", "标记话术节点"),
    body=schemas.Mark,
    shows=schemas.Node,
    status=201,
)
async def mark_node(asked: Asked) -> pb.Node:
    request = pb.MarkNodeRequest(**asked.path, **asked.body)
    return (await asked.call(asked.services.recording.MarkNode, request)).node


@recordings.post(
    "/recordings/{recording_id}/seals",
    permission="recording.record",
    summary=Sentence("Seal the recording; nothing changes afterwards", "封存双录"),
    shows=schemas.Recording,
    status=201,
)
async def seal_recording(asked: Asked) -> pb.Recording:
    request = pb.SealRecordingRequest(**asked.path)
    call = asked.services.recording.SealRecording
    return (await asked.call(call, request, seconds=LONG_PATIENCE)).recording


@recordings.post(
    "/recordings/{recording_id}/abandonments",
    permission="recording.record",
    summary=Sentence("Give a recording up", "放弃双录"),
    body=schemas.Abandonment,
    status=204,
)
async def abandon_recording(asked: Asked) -> None:
    request = pb.AbandonRecordingRequest(**asked.path, **asked.body)
    await asked.call(asked.services.recording.AbandonRecording, request)
