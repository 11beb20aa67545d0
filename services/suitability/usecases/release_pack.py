"""Somebody who had no hand in a draft releases it: from its day on, sales are decided by it."""

from dataclasses import dataclass
from datetime import datetime

from services.suitability.domain.institution import Institution
from services.suitability.domain.rule_pack import RulePack
from services.suitability.usecases.draft_pack import entry, refuse_who_may_not
from services.suitability.usecases.ports import SuitabilityWork


@dataclass(frozen=True, kw_only=True)
class ReleasePack:
    pack_id: str
    by: str
    roles: frozenset[str]
    at: datetime
    institution: Institution


def release_pack(command: ReleasePack, work: SuitabilityWork) -> RulePack:
    """One release at a time: each sees all that were released before it."""
    refuse_who_may_not(command.roles)
    number = work.rule_packs.next_release()
    pack = work.rule_packs.claim(command.pack_id)
    today = command.institution.day(command.at)
    before = command.institution.packs.in_force(max(pack.effective_from, today))
    event = pack.released(
        number=number,
        by=command.by,
        at=command.at,
        today=today,
        before=before.name,
    )
    work.rule_packs.save(pack)
    work.record(entry("rule_pack.released", pack, follows=pack.follows))
    work.announce(event)
    return pack
