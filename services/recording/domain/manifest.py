"""The manifest: everything that was recorded, in one canonical document."""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from services.recording.domain.calendar import end_of
from services.recording.domain.institution import Institution
from services.recording.domain.mark import Mark
from services.recording.domain.recording import Recording
from services.recording.domain.retention import Retention
from services.recording.domain.script import ScriptNode
from services.recording.domain.seal import Seal
from services.recording.domain.segment import Segment

FORMAT = "liheng-recording-manifest/1"


def seal_of(
    recording: Recording, kept: Retention, institution: Institution, *, by: str, at: datetime
) -> Seal:
    retain_until = kept.retain_until
    if retain_until is None:
        raise ValueError("a recording is sealed with a day until which it is kept")
    evidence = document(recording) | {
        "sealed_by": by,
        "sealed_at": moment(at),
        "retain_until": retain_until.isoformat(),
        "retention_rules": list(kept.rule_ids),
    }
    manifest = canonical(evidence)
    return Seal(
        manifest=manifest,
        digest=sha256(manifest.encode()).hexdigest(),
        retain_until=retain_until,
        rules=kept.rule_ids,
        locked_until=end_of(retain_until, institution.zone),
        by=by,
        at=at,
    )


def canonical(document: dict[str, Any]) -> str:
    """One document, one text: sorted keys, no spaces, plain UTF-8."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def document(recording: Recording) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "recording_id": recording.recording_id,
        "sale_id": recording.sale_id,
        "customer_id": recording.customer_id,
        "product_id": recording.product_id,
        "opened_by": recording.opened_by,
        "opened_at": moment(recording.opened_at),
        "nodes": [_node(node, recording.marks_of(node.node_id)) for node in recording.script],
        "segments": [_segment(segment) for segment in recording.segments],
    }


def _node(node: ScriptNode, marks: list[Mark]) -> dict[str, Any]:
    return {
        "node_id": node.node_id,
        "title_zh": node.title_zh,
        "title_en": node.title_en,
        "say_zh": node.say_zh,
        "answer_required": node.answer_required,
        "marks": [_mark(mark) for mark in marks],
    }


def _mark(mark: Mark) -> dict[str, Any]:
    return {
        "segment_id": mark.segment_id,
        "offset_ms": mark.offset_ms,
        "answer": mark.answer,
        "marked_by": mark.by,
        "marked_at": moment(mark.at),
    }


def _segment(segment: Segment) -> dict[str, Any]:
    return {
        "segment_id": segment.segment_id,
        "number": segment.number,
        "content_type": segment.capture.content_type,
        "byte_size": segment.capture.byte_size,
        "sha256": segment.capture.sha256,
        "object": segment.name,
        "version_id": segment.version_id,
        "started_by": segment.started_by,
        "started_at": moment(segment.started_at),
        "stored_at": moment(segment.stored_at),
    }


def moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
