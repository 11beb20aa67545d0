"""Compliance drafts a rule pack: from one that is released, with changes, or from a document."""

from dataclasses import dataclass
from datetime import date, datetime

from chassis.errors import Forbidden, Invalid
from chassis.trail import Entry
from services.suitability.domain.pack_document import PackDocument
from services.suitability.domain.pack_edit import PackEdit, edited
from services.suitability.domain.rule_pack import RulePack
from services.suitability.usecases.ports import SuitabilityWork

DRAFTERS = frozenset({"compliance"})


@dataclass(frozen=True, kw_only=True)
class DraftPack:
    """*base* is what it is made from; *follows* names the pack in force before its first day."""

    pack_id: str
    base: PackDocument
    follows: str
    edit: PackEdit
    reason: str
    by: str
    roles: frozenset[str]
    at: datetime


def draft_pack(command: DraftPack, work: SuitabilityWork) -> RulePack:
    refuse_who_may_not(command.roles)
    _refuse_unnamed(command)
    document = edited(command.base, command.edit)
    work.rule_packs.refuse_taken(document.edition, command.pack_id)
    pack = RulePack(pack_id=command.pack_id, document=document, follows=command.follows)
    origin = [f"drafted from {command.base.edition}"]
    pack.change(document, origin, by=command.by, reason=command.reason, at=command.at)
    work.rule_packs.add(pack)
    work.record(entry("rule_pack.drafted", pack))
    return pack


def refuse_who_may_not(roles: frozenset[str]) -> None:
    if not roles & DRAFTERS:
        raise Forbidden(
            "may_not_draft",
            "only compliance drafts, rehearses and releases rule packs",
            "只有合规人员可以起草、预演和发布规则包",
        )


def _refuse_unnamed(command: DraftPack) -> None:
    edit = command.edit
    if not edit.edition and edit.document is None:
        raise Invalid("missing", "edition is missing", "缺少 edition", field="edition")
    if edit.effective_from is None and edit.document is None:
        raise Invalid(
            "missing", "effective_from is missing", "缺少 effective_from", field="effective_from"
        )


def entry(action: str, pack: RulePack, **more: str) -> Entry:
    told: dict[str, str | date] = {
        "edition": pack.edition,
        "effective_from": pack.effective_from,
        "digest": pack.digest,
        **more,
    }
    return Entry(action=action, subject=pack.pack_id, details=told)
