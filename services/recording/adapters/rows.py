"""Recordings between the domain and table rows."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from chassis.sealing.sealer import Sealer
from services.recording.adapters.sealing import place_of_reason
from services.recording.domain.known import Insurance, Product, Sale
from services.recording.domain.mark import Answer, Mark
from services.recording.domain.recording import Abandonment, Recording, State
from services.recording.domain.regime import ProductKind
from services.recording.domain.script import Script, ScriptNode
from services.recording.domain.seal import Seal
from services.recording.domain.segment import Capture, ContentType, Segment

NO_SEAL: dict[str, Any] = dict.fromkeys(
    (
        "manifest",
        "manifest_digest",
        "manifest_version",
        "retain_until",
        "retention_rules",
        "locked_until",
        "sealed_by",
        "sealed_at",
    )
)
NOT_ABANDONED: dict[str, Any] = {
    **dict.fromkeys(("abandoned_reason", "abandoned_by", "abandoned_at")),
    "abandoned_reason_sealed": "",
}


def to_recording(
    row: sa.Row[Any],
    sealer: Sealer,
    segments: Iterable[sa.Row[Any]] = (),
    marks: Iterable[sa.Row[Any]] = (),
) -> Recording:
    return Recording(
        recording_id=row.recording_id,
        sale_id=row.sale_id,
        customer_id=row.customer_id,
        product_id=row.product_id,
        script=to_script(row.script),
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        state=State(row.state),
        segments=[to_segment(segment) for segment in segments],
        marks=[to_mark(mark) for mark in marks],
        seal=_seal(row) if row.manifest is not None else None,
        abandonment=_abandonment(row, sealer) if row.abandoned_at is not None else None,
        version=row.version,
    )


def to_segment(row: sa.Row[Any]) -> Segment:
    return Segment(
        segment_id=row.segment_id,
        number=row.number,
        name=row.name,
        capture=Capture(ContentType(row.content_type), row.byte_size, row.sha256),
        started_by=row.started_by,
        started_at=row.started_at,
        upload_id=row.upload_id,
        version_id=row.version_id,
        stored_at=row.stored_at,
    )


def to_mark(row: sa.Row[Any]) -> Mark:
    return Mark(
        node_id=row.node_id,
        segment_id=row.segment_id,
        offset_ms=row.offset_ms,
        answer=Answer(row.answer) if row.answer else None,
        by=row.marked_by,
        at=row.marked_at,
    )


def to_script(stored: Iterable[dict[str, Any]]) -> Script:
    return tuple(ScriptNode(**node) for node in stored)


def to_sale(row: sa.Row[Any]) -> Sale:
    return Sale(
        sale_id=row.sale_id,
        customer_id=row.customer_id,
        product_id=row.product_id,
        ended=row.ended,
    )


def to_product(row: sa.Row[Any]) -> Product:
    return Product(
        product_id=row.product_id,
        kind=ProductKind(row.kind),
        script=to_script(row.script),
        insurance=Insurance(**row.insurance) if row.insurance else None,
    )


def _seal(row: sa.Row[Any]) -> Seal:
    return Seal(
        manifest=row.manifest,
        digest=row.manifest_digest,
        retain_until=row.retain_until,
        rules=tuple(row.retention_rules),
        locked_until=row.locked_until,
        by=row.sealed_by,
        at=row.sealed_at,
        manifest_version=row.manifest_version,
    )


def _abandonment(row: sa.Row[Any], sealer: Sealer) -> Abandonment:
    reason = sealer.open(row.abandoned_reason_sealed, place_of_reason(row.recording_id))
    return Abandonment(reason or row.abandoned_reason, row.abandoned_by, row.abandoned_at)


def recording_values(recording: Recording, sealer: Sealer) -> dict[str, Any]:
    return {
        "recording_id": recording.recording_id,
        "sale_id": recording.sale_id,
        "customer_id": recording.customer_id,
        "product_id": recording.product_id,
        "state": recording.state,
        "script": script_values(recording.script),
        "opened_by": recording.opened_by,
        "opened_at": recording.opened_at,
        **(_seal_values(recording.seal) if recording.seal else NO_SEAL),
        **_abandonment_values(recording, sealer),
        "version": recording.version + 1,
    }


def _seal_values(seal: Seal) -> dict[str, Any]:
    return {
        "manifest": seal.manifest,
        "manifest_digest": seal.digest,
        "manifest_version": seal.manifest_version,
        "retain_until": seal.retain_until,
        "retention_rules": list(seal.rules),
        "locked_until": seal.locked_until,
        "sealed_by": seal.by,
        "sealed_at": seal.at,
    }


def _abandonment_values(recording: Recording, sealer: Sealer) -> dict[str, Any]:
    abandonment = recording.abandonment
    if abandonment is None:
        return NOT_ABANDONED
    place = place_of_reason(recording.recording_id)
    return {
        "abandoned_reason": None,
        "abandoned_reason_sealed": sealer.seal(abandonment.reason, place),
        "abandoned_by": abandonment.by,
        "abandoned_at": abandonment.at,
    }


def segment_values(recording_id: str, segment: Segment) -> dict[str, Any]:
    return {
        "segment_id": segment.segment_id,
        "recording_id": recording_id,
        "number": segment.number,
        "name": segment.name,
        **asdict(segment.capture),
        "started_by": segment.started_by,
        "started_at": segment.started_at,
        "upload_id": segment.upload_id,
        "version_id": segment.version_id,
        "stored_at": segment.stored_at,
    }


def mark_values(recording_id: str, number: int, mark: Mark) -> dict[str, Any]:
    return {
        "recording_id": recording_id,
        "number": number,
        "node_id": mark.node_id,
        "segment_id": mark.segment_id,
        "offset_ms": mark.offset_ms,
        "answer": mark.answer,
        "marked_by": mark.by,
        "marked_at": mark.at,
    }


def product_values(product: Product) -> dict[str, Any]:
    return {
        "product_id": product.product_id,
        "kind": product.kind,
        "script": script_values(product.script),
        "insurance": asdict(product.insurance) if product.insurance else None,
    }


def script_values(script: Script) -> list[dict[str, Any]]:
    return [asdict(node) for node in script]
