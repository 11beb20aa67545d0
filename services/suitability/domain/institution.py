"""The institution that decides: its licence, its rules, its questionnaires, its zone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import cast
from zoneinfo import ZoneInfo

from services.suitability.domain.assessment import Limits
from services.suitability.domain.decision import Decision, decide
from services.suitability.domain.marketing import MarketingWords
from services.suitability.domain.packs import RulePacks
from services.suitability.domain.questionnaires import Questionnaires
from services.suitability.domain.sale import read_sale

Document = dict[str, object]


@dataclass(frozen=True)
class Institution:
    licence: str
    packs: RulePacks
    questionnaires: Questionnaires
    zone: ZoneInfo
    marketing_words: Sequence[MarketingWords] = ()

    def now(self) -> "Institution":
        """With the packs that are released at this moment, asked for once."""
        return replace(self, packs=self.packs.now())

    def recently(self) -> "Institution":
        """With the packs as of a second ago or later: for answers that nobody keeps."""
        return replace(self, packs=self.packs.recently())

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def midnight(self, on: date) -> datetime:
        """The moment at which the day begins."""
        return datetime.combine(on, time(), self.zone)

    def decide(
        self, at: datetime, customer: Document, product: Document, request: Document
    ) -> Decision:
        """*request* names the channel beside what is asked."""
        return self.decide_given(self.document(at, customer, product, request))

    def document(
        self, at: datetime, customer: Document, product: Document, request: Document
    ) -> Document:
        """As a line of the offline `decide`."""
        asked = {key: value for key, value in request.items() if key != "channel"}
        return {
            "at": at.isoformat(),
            "seller": {"licence": self.licence, "channel": request.get("channel")},
            "customer": customer,
            "product": product,
            "request": asked,
        }

    def decide_given(self, document: object) -> Decision:
        """*document* as a line of the offline `decide`; raise UnreadableSale."""
        sale = read_sale(document)
        return decide(sale, self.packs.in_force(sale.on(self.zone)), self.zone)

    def limits(self, on: date) -> Limits:
        parameters = self.packs.in_force(on).parameters
        per_day, per_window, window, valid = (
            cast("int", parameters[name])
            for name in (
                "assessments_per_day",
                "assessments_per_window",
                "assessment_window_months",
                "assessment_valid_months",
            )
        )
        return Limits(per_day, per_window, window, valid)
