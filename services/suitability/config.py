"""What the suitability service needs to know."""

from dataclasses import dataclass

from chassis.config import Positive, ServiceConfig

A_MONTH = Positive(30)


@dataclass(frozen=True, kw_only=True)
class SuitabilityConfig(ServiceConfig):
    """*licence* is the institution's own: bank, wealth_company, fund_distributor …

    *rules_on* names, separated by commas, rules that are shipped off and that this
    institution applies. *questionnaires* is a folder of the institution's own. *rehearsal_days* is
    how old the rehearsal of a rule pack may be that is released.
    """

    licence: str
    rules_on: str = ""
    questionnaires: str = ""
    rehearsal_days: Positive = A_MONTH

    @property
    def switched_on(self) -> tuple[str, ...]:
        return tuple(name.strip() for name in self.rules_on.split(",") if name.strip())
