"""Read recordings as callers and other services write them."""

import re

from chassis.errors import Invalid
from chassis.identity import Caller
from chassis.inputs import choice
from chassis.moments import moment
from chassis.scope import Custody, Scope, Share
from liheng.customer.v1.events_pb2 import AccessGranted, AdviserChanged, CustomerOnboarded
from liheng.product.v1 import events_pb2 as product_pb
from liheng.recording.v1 import recording_pb2 as pb
from services.recording.domain.actor import Actor
from services.recording.domain.known import Insurance, Product
from services.recording.domain.mark import Answer
from services.recording.domain.recording import State
from services.recording.domain.regime import ProductKind
from services.recording.domain.script import ScriptNode
from services.recording.domain.segment import Capture, ContentType
from services.recording.usecases.ports import Part

SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
ETAG = re.compile(r'"?([A-Za-z0-9._-]{1,80})"?', re.ASCII)
LONGEST_OFFSET = 24 * 60 * 60 * 1000  # milliseconds


def actor(who: Caller, scope: Scope) -> Actor:
    return Actor(who.staff_id, who.roles, who.team_id, scope.granted)


def read_capture(request: pb.StartSegmentRequest) -> Capture:
    return Capture(
        choice(ContentType, request.content_type, "content_type"),
        request.byte_size,
        read_digest(request.sha256),
    )


def read_digest(value: str) -> str:
    digest = value.lower()
    if not SHA256.fullmatch(digest):
        raise Invalid(
            "not_a_sha256",
            "sha256 is not a SHA-256 in hex (64 digits)",
            "sha256 不是十六进制的 SHA-256（64 位）",
            field="sha256",
        )
    return digest


def read_part(part: pb.UploadedPart) -> Part:
    etag = ETAG.fullmatch(part.etag)
    if etag is None:
        raise Invalid(
            "not_an_etag",
            "etag is not what the object store answered to the upload of the part",
            "etag 不是对象存储在上传分片时返回的值",
            field="parts.etag",
        )
    return Part(part.number, etag[1])


def read_offset(offset_ms: int) -> int:
    if not 0 <= offset_ms <= LONGEST_OFFSET:
        raise Invalid(
            "offset_out_of_range",
            "offset_ms must lie between 0 and 24 hours",
            "offset_ms 必须在 0 到 24 小时之间",
            field="offset_ms",
        )
    return offset_ms


def read_answer(value: str) -> Answer | None:
    return choice(Answer, value, "answer") if value else None


def read_state(value: str) -> State | None:
    return choice(State, value, "state") if value else None


def read_custody(event: CustomerOnboarded | AdviserChanged) -> Custody:
    return Custody(event.adviser_id, event.team_id, event.branch_id)


def read_share(event: AccessGranted) -> Share:
    return Share(
        share_id=event.grant_id,
        staff_id=event.staff_id,
        subject_id=event.customer_id,
        owner_id=event.adviser_id,
        purpose=event.purpose,
        valid_from=moment(event.valid_from),
        valid_until=moment(event.valid_until),
    )


def read_product(event: product_pb.ProductListed) -> Product:
    return Product(
        product_id=event.product_id,
        kind=choice(ProductKind, event.kind, "kind"),
        script=tuple(read_node(node) for node in event.script),
        insurance=read_insurance(event),
    )


def read_node(node: product_pb.ScriptNode) -> ScriptNode:
    return ScriptNode(node.node_id, node.title_zh, node.title_en, node.say_zh, node.answer_required)


def read_insurance(event: product_pb.ProductListed) -> Insurance | None:
    if not event.HasField("insurance"):
        return None
    terms = event.insurance
    return Insurance(terms.line, terms.design, terms.term_years)
