"""RecordingService over gRPC."""

from dataclasses import dataclass
from datetime import timedelta

import grpc

from chassis.clock import Clock
from chassis.identity import caller
from chassis.ids import new_id
from chassis.inputs import identifier, text
from chassis.moments import stamp
from chassis.paging import Page
from chassis.runner import Runner
from liheng.recording.v1 import recording_pb2 as pb
from liheng.recording.v1 import recording_pb2_grpc as rpc
from services.recording.adapters.queries import RecordingFilter, RecordingQueries
from services.recording.domain.actor import Actor
from services.recording.domain.institution import Institution
from services.recording.domain.mark import Mark
from services.recording.domain.recording import Recording
from services.recording.entrypoints import reading, writing
from services.recording.usecases.abandon_recording import AbandonRecording, abandon_recording
from services.recording.usecases.complete_segment import CompleteSegment, complete_segment
from services.recording.usecases.mark_node import MarkNode, mark_node
from services.recording.usecases.open_recording import OpenRecording, open_recording
from services.recording.usecases.ports import Evidence, RecordingWork
from services.recording.usecases.seal_recording import SealRecording, seal_recording
from services.recording.usecases.start_segment import StartSegment, start_segment
from services.recording.usecases.watch_segment import WatchSegment, watch_segment

PLAYBACK_VALID_FOR = timedelta(minutes=5)


@dataclass(frozen=True)
class Settings:
    institution: Institution
    largest_segment: int  # bytes


class RecordingServicer(rpc.RecordingServiceServicer):
    def __init__(
        self,
        run: Runner[RecordingWork],
        evidence: Evidence,
        queries: RecordingQueries,
        clock: Clock,
        settings: Settings,
    ) -> None:
        self._run = run
        self._evidence = evidence
        self._queries = queries
        self._clock = clock
        self._settings = settings

    def OpenRecording(
        self, request: pb.OpenRecordingRequest, context: grpc.ServicerContext
    ) -> pb.OpenRecordingResponse:
        command = OpenRecording(
            recording_id=new_id(),
            sale_id=identifier(request.sale_id, "sale_id"),
            by=self._actor(),
            at=self._clock(),
        )
        recording_id = self._run(open_recording, command)
        return pb.OpenRecordingResponse(recording=self._message(recording_id))

    def StartSegment(
        self, request: pb.StartSegmentRequest, context: grpc.ServicerContext
    ) -> pb.StartSegmentResponse:
        command = StartSegment(
            recording_id=identifier(request.recording_id, "recording_id"),
            segment_id=new_id(),
            capture=reading.read_capture(request),
            largest=self._settings.largest_segment,
            by=self._actor(),
            at=self._clock(),
        )
        return writing.started_message(start_segment(command, self._run, self._evidence))

    def CompleteSegment(
        self, request: pb.CompleteSegmentRequest, context: grpc.ServicerContext
    ) -> pb.CompleteSegmentResponse:
        command = CompleteSegment(
            recording_id=identifier(request.recording_id, "recording_id"),
            segment_id=identifier(request.segment_id, "segment_id"),
            parts=[reading.read_part(part) for part in request.parts],
            by=self._actor(),
            at=self._clock(),
        )
        complete_segment(command, self._run, self._evidence)
        segment = self._recording(command.recording_id).segment(command.segment_id)
        return pb.CompleteSegmentResponse(segment=writing.segment_message(segment))

    def MarkNode(
        self, request: pb.MarkNodeRequest, context: grpc.ServicerContext
    ) -> pb.MarkNodeResponse:
        mark = Mark(
            node_id=identifier(request.node_id, "node_id"),
            segment_id=identifier(request.segment_id, "segment_id"),
            offset_ms=reading.read_offset(request.offset_ms),
            answer=reading.read_answer(request.answer),
            by=caller().staff_id,
            at=self._clock(),
        )
        recording_id = identifier(request.recording_id, "recording_id")
        command = MarkNode(recording_id=recording_id, mark=mark, by=self._actor())
        self._run(mark_node, command)
        recording = self._recording(recording_id)
        node = writing.node_message(recording, recording.node(mark.node_id))
        return pb.MarkNodeResponse(node=node)

    def SealRecording(
        self, request: pb.SealRecordingRequest, context: grpc.ServicerContext
    ) -> pb.SealRecordingResponse:
        command = SealRecording(
            recording_id=identifier(request.recording_id, "recording_id"),
            institution=self._settings.institution,
            by=self._actor(),
            at=self._clock(),
        )
        seal_recording(command, self._run, self._evidence)
        return pb.SealRecordingResponse(recording=self._message(command.recording_id))

    def AbandonRecording(
        self, request: pb.AbandonRecordingRequest, context: grpc.ServicerContext
    ) -> pb.AbandonRecordingResponse:
        command = AbandonRecording(
            recording_id=identifier(request.recording_id, "recording_id"),
            reason=text(request.reason, "reason", longest=500),
            by=self._actor(),
            at=self._clock(),
        )
        self._run(abandon_recording, command)
        return pb.AbandonRecordingResponse()

    def GetRecording(
        self, request: pb.GetRecordingRequest, context: grpc.ServicerContext
    ) -> pb.GetRecordingResponse:
        recording_id = identifier(request.recording_id, "recording_id")
        return pb.GetRecordingResponse(recording=self._message(recording_id))

    def ListRecordings(
        self, request: pb.ListRecordingsRequest, context: grpc.ServicerContext
    ) -> pb.ListRecordingsResponse:
        wanted = RecordingFilter(
            sale_id=request.sale_id,
            customer_id=request.customer_id,
            state=reading.read_state(request.state),
        )
        page = Page.asked(request.limit, request.cursor)
        recordings, following = self._queries.page(wanted, page)
        return pb.ListRecordingsResponse(
            recordings=map(writing.summary_message, recordings), next_cursor=following
        )

    def GetPlayback(
        self, request: pb.GetPlaybackRequest, context: grpc.ServicerContext
    ) -> pb.GetPlaybackResponse:
        command = WatchSegment(
            recording_id=identifier(request.recording_id, "recording_id"),
            segment_id=identifier(request.segment_id, "segment_id"),
            by=self._actor(),
        )
        segment = self._run(watch_segment, command)
        address = self._evidence.playback_address(
            segment.stored_object, segment.capture.content_type, PLAYBACK_VALID_FOR
        )
        expires_at = stamp(self._clock() + PLAYBACK_VALID_FOR)
        return pb.GetPlaybackResponse(url=address, expires_at=expires_at)

    def _actor(self) -> Actor:
        return reading.actor(caller(), self._queries.scope())

    def _recording(self, recording_id: str) -> Recording:
        return self._queries.one(recording_id)

    def _message(self, recording_id: str) -> pb.Recording:
        return writing.recording_message(self._recording(recording_id))
