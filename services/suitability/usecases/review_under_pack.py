"""Another rule pack took effect: open decisions are decided again by it, batch by batch."""

from dataclasses import dataclass
from datetime import datetime

from services.suitability.domain.institution import Institution
from services.suitability.domain.match import PACK
from services.suitability.domain.pack_review import PackReview
from services.suitability.usecases.ports import SuitabilityWork
from services.suitability.usecases.review import review


@dataclass(frozen=True, kw_only=True)
class ReviewUnderPack:
    """*review_id* is for a review that begins now."""

    review_id: str
    at: datetime
    institution: Institution
    limit: int = 100


def review_under_pack(command: ReviewUnderPack, work: SuitabilityWork) -> int:
    """How many decisions were looked at. What was looked at and how far it went is kept together,
    so that a process that is killed goes on where it left off."""
    at, institution = command.at, command.institution
    pack = institution.packs.in_force(institution.day(at))
    current = work.pack_reviews.claim_newest()
    if current is None or current.rule_pack != pack.name:
        noticed = PackReview(review_id=command.review_id, rule_pack=pack.name, noticed_at=at)
        work.pack_reviews.add(noticed)
        return 0
    if not current.may_go_on(at):
        return 0
    matches = work.matches.open_under_others(pack.name, current.reached, at, command.limit)
    review(matches, PACK, institution, at, work)
    reached = matches[-1].decision_id if matches else ""
    current.advance(reached, at, last=len(matches) < command.limit)
    work.pack_reviews.save(current)
    return len(matches)
