"""Somebody who had no hand in a draft releases it: from its day on, sales are decided by it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.suitability.domain.institution import Institution
from services.suitability.domain.rehearsal import refuse_unrehearsed
from services.suitability.domain.rule_pack import Release, RulePack
from services.suitability.usecases.draft_pack import entry, refuse_who_may_not
from services.suitability.usecases.ports import SuitabilityWork


@dataclass(frozen=True, kw_only=True)
class ReleasePack:
    """*good_for* is how old its rehearsal may be."""

    pack_id: str
    good_for: timedelta
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
    report = work.rehearsals.attached(pack.pack_id, pack.digest)
    release = Release(number, command.by, command.at, report.rehearsal_id if report else "")
    event = pack.released(release, today=today, before=before.name)
    refuse_unrehearsed(report, before.digest, command.at, command.good_for)
    work.rule_packs.save(pack)
    told = {"follows": pack.follows, "rehearsal": release.rehearsal_id}
    work.record(entry("rule_pack.released", pack, **told))
    work.announce(event)
    return pack
