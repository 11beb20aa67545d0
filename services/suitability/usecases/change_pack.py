"""A draft is changed, or given up."""

from dataclasses import dataclass
from datetime import datetime

from services.suitability.domain.pack_differences import pack_differences
from services.suitability.domain.pack_edit import PackEdit, edited
from services.suitability.domain.rule_pack import RulePack
from services.suitability.usecases.draft_pack import entry, refuse_who_may_not
from services.suitability.usecases.ports import SuitabilityWork


@dataclass(frozen=True, kw_only=True)
class ChangePack:
    """*follows*, when it is said, is the pack that was compared with."""

    pack_id: str
    edit: PackEdit
    follows: str
    reason: str
    by: str
    roles: frozenset[str]
    at: datetime


def change_pack(command: ChangePack, work: SuitabilityWork) -> RulePack:
    refuse_who_may_not(command.roles)
    pack = work.rule_packs.claim(command.pack_id)
    document = edited(pack.document, command.edit)
    work.rule_packs.refuse_taken(document.edition, command.pack_id)
    what = [one.what for one in pack_differences(pack.document, document)]
    if command.follows and command.follows != pack.follows:
        what.append(f"follows {command.follows}")
    pack.change(document, what, by=command.by, reason=command.reason, at=command.at)
    pack.follows = command.follows or pack.follows
    work.rule_packs.save(pack)
    work.record(entry("rule_pack.changed", pack))
    return pack


@dataclass(frozen=True, kw_only=True)
class DiscardPack:
    pack_id: str
    roles: frozenset[str]


def discard_pack(command: DiscardPack, work: SuitabilityWork) -> None:
    refuse_who_may_not(command.roles)
    pack = work.rule_packs.claim(command.pack_id)
    pack.discard()
    work.rule_packs.save(pack)
    work.record(entry("rule_pack.discarded", pack))
