"""Write recordings as the contract's messages."""

from chassis.moments import stamp
from liheng.recording.v1 import recording_pb2 as pb
from services.recording.domain.recording import Recording
from services.recording.domain.script import ScriptNode
from services.recording.domain.segment import Segment
from services.recording.usecases.start_segment import StartedSegment


def recording_message(recording: Recording) -> pb.Recording:
    whole = summary_message(recording)
    whole.nodes.extend(node_message(recording, node) for node in recording.script)
    whole.segments.extend(map(segment_message, recording.segments))
    return whole


def summary_message(recording: Recording) -> pb.Recording:
    """Without nodes and segments."""
    seal = recording.seal
    return pb.Recording(
        recording_id=recording.recording_id,
        sale_id=recording.sale_id,
        customer_id=recording.customer_id,
        product_id=recording.product_id,
        state=recording.state,
        manifest_digest=seal.digest if seal else "",
        retain_until=seal.retain_until.isoformat() if seal else "",
        retention_rules=seal.rules if seal else (),
        opened_by=recording.opened_by,
        opened_at=stamp(recording.opened_at),
        sealed_at=stamp(seal.at) if seal else None,
        version=recording.version,
    )


def node_message(recording: Recording, node: ScriptNode) -> pb.Node:
    mark = recording.last_mark(node.node_id)
    return pb.Node(
        node_id=node.node_id,
        title_zh=node.title_zh,
        title_en=node.title_en,
        say_zh=node.say_zh,
        answer_required=node.answer_required,
        done=mark is not None,
        segment_id=mark.segment_id if mark else "",
        offset_ms=mark.offset_ms if mark else 0,
        answer=mark.answer or "" if mark else "",
    )


def segment_message(segment: Segment) -> pb.Segment:
    return pb.Segment(
        segment_id=segment.segment_id,
        number=segment.number,
        content_type=segment.capture.content_type,
        byte_size=segment.capture.byte_size,
        sha256=segment.capture.sha256,
        state="stored" if segment.is_stored else "uploading",
    )


def started_message(started: StartedSegment) -> pb.StartSegmentResponse:
    return pb.StartSegmentResponse(
        segment_id=started.segment_id,
        part_size=started.part_size,
        parts=[
            pb.PartUpload(number=number, url=address)
            for number, address in enumerate(started.addresses, start=1)
        ],
        expires_at=stamp(started.expires_at),
    )
