"""Compliance has a draft tried on everything; it goes on by events, batch by batch."""

from dataclasses import dataclass
from datetime import date, datetime

from services.suitability.domain.institution import Institution
from services.suitability.domain.rehearsal import Rehearsal, RehearsalStarted
from services.suitability.domain.rule_pack import RulePack
from services.suitability.usecases.draft_pack import entry, refuse_who_may_not
from services.suitability.usecases.ports import SuitabilityWork


@dataclass(frozen=True, kw_only=True)
class StartRehearsal:
    """*since* leaves out decisions of earlier days; nothing of it when it is not said."""

    rehearsal_id: str
    pack_id: str
    since: date | None
    by: str
    roles: frozenset[str]
    at: datetime
    institution: Institution


def start_rehearsal(command: StartRehearsal, work: SuitabilityWork) -> Rehearsal:
    refuse_who_may_not(command.roles)
    pack = work.rule_packs.claim(command.pack_id)
    pack.refuse_unless_draft()
    pack.document.read()
    for running in work.rehearsals.running(command.pack_id):
        work.announce(running.stop(command.at))
        work.rehearsals.save(running)
    rehearsal = begun(command, pack, work)
    work.rehearsals.add(rehearsal)
    work.record(entry("rule_pack.rehearsed", pack, rehearsal=rehearsal.rehearsal_id))
    work.announce(RehearsalStarted(rehearsal))
    return rehearsal


def begun(command: StartRehearsal, pack: RulePack, work: SuitabilityWork) -> Rehearsal:
    institution = command.institution
    today = institution.day(command.at)
    first_day = max(pack.effective_from, today)
    before = institution.packs.in_force(first_day)
    since = institution.midnight(command.since) if command.since else None
    extent = work.rehearsals.extent(since)
    return Rehearsal(
        rehearsal_id=command.rehearsal_id,
        pack_id=pack.pack_id,
        edition=pack.edition,
        digest=pack.digest,
        first_day=first_day,
        before=before.name,
        before_digest=before.digest,
        since=command.since,
        until=extent.until,
        decisions=extent.decisions,
        customers=extent.customers,
        products=extent.products,
        started_by=command.by,
        started_at=command.at,
    )
