"""The callback 回访: the service desk asks the client, away from the sales staff (PF-05)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.errors import Forbidden, RuleBroken
from services.workflow.domain.actor import Actor
from services.workflow.domain.wording import listed, listed_in_chinese

# S11 Art 30: what a callback has to ask, unless the decision's own rules say otherwise.
ITEMS = (
    "identity",
    "own_signature",
    "read_contract_and_risks",
    "tolerance_matches",
    "fees_rights_disclosure",
    "possible_loss",
    "cooling_off_rights",
    "dispute_route",
)
RULE = "PF-05"


class CallbackOutcome(StrEnum):
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class CallbackMethod(StrEnum):
    RECORDED_PHONE = "recorded_phone"
    EMAIL = "email"
    LETTER = "letter"


@dataclass(frozen=True, kw_only=True)
class Callback:
    outcome: CallbackOutcome
    method: CallbackMethod
    answers: Mapping[str, str]  # item → yes, no
    reason: str  # why it failed
    by: str
    at: datetime

    def check(self, items: Sequence[str]) -> None:
        """A success has a yes to every item; a failure says why."""
        self._check_answers(items)
        if self.outcome is CallbackOutcome.SUCCEEDED:
            self._check_all_yes(items)
        elif not self.reason:
            raise RuleBroken(
                "callback_without_reason",
                "say why the callback failed",
                "请说明回访未成功的原因",
                field="reason",
            )

    def _check_answers(self, items: Sequence[str]) -> None:
        strange = sorted(set(self.answers) - set(items))
        if strange or not set(self.answers.values()) <= {"yes", "no"}:
            raise RuleBroken(
                "callback_answers_unknown",
                f"a callback answers yes or no to: {', '.join(items)}",
                f"回访须对下列各项回答 yes 或 no：{', '.join(items)}",
                rule=RULE,
                field="answers",
            )

    def _check_all_yes(self, items: Sequence[str]) -> None:
        lacking = [item for item in items if self.answers.get(item) != "yes"]
        if lacking:
            raise RuleBroken(
                "callback_incomplete",
                f"a callback succeeds only with a yes to every item; lacking: {listed(lacking)}",
                f"回访各项均须得到肯定答复才算成功，尚缺：{listed_in_chinese(lacking)}",
                rule=RULE,
                field="answers",
            )


def check_caller(by: Actor, advisers: Collection[str]) -> None:
    """The service desk, never sales staff, least of all whoever sold it."""
    if by.sells or by.staff_id in advisers:
        raise Forbidden(
            "callback_by_sales",
            "sales staff may not make the callback; the service desk does",
            "销售人员不得进行回访，须由客服人员进行",
            rule=RULE,
        )
    if not by.has("service_desk"):
        raise Forbidden(
            "callback_needs_service_desk",
            "only the service desk makes callbacks",
            "只有客服人员可以进行回访",
            rule=RULE,
        )
