"""A pack as one file that goes from hand to hand: its document, and who released it."""

from collections.abc import Mapping

from chassis.errors import Invalid
from services.suitability.domain.pack_document import PackDocument, document_of
from services.suitability.domain.rule_pack import PackState, RulePack

RELEASE = "release"
RELEASED = (PackState.RELEASED.value, PackState.SHIPPED.value)
Document = dict[str, object]


def exchanged(pack: RulePack) -> Document:
    release = pack.release
    told: Document = {"state": str(pack.state), "digest": pack.digest}
    if release is not None:
        told |= {
            "number": release.number,
            "drafted_by": list(pack.makers),
            "released_by": release.by,
            "released_at": release.at.isoformat(),
        }
    return {RELEASE: told, **pack.document.kept()}


def received(kept: object) -> PackDocument:
    """Invalid when it says that it was released, and is not what was released."""
    told = kept.get(RELEASE) if isinstance(kept, Mapping) else None
    state = told.get("state") if isinstance(told, Mapping) else None
    document = document_of(kept, released=state in RELEASED)
    if document.released and not _as_released(document, told):
        raise Invalid(
            "pack_was_changed",
            "this rule pack is not as it was released: its digest differs",
            "该规则包与发布时不一致（摘要不符）",
            field="packs",
        )
    return document


def _as_released(document: PackDocument, told: object) -> bool:
    order = document.head.get("sections")
    whole = isinstance(order, list) and all(name in document.sections for name in order)
    return whole and isinstance(told, Mapping) and document.digest == told.get("digest")
