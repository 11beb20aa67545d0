"""How a sale says no."""

from collections.abc import Sequence

from chassis.errors import Conflict, Forbidden, RuleBroken
from services.workflow.domain.gates import Gate, Missing
from services.workflow.domain.sale_states import SaleState
from services.workflow.domain.wording import chinese

OpenGates = Sequence[tuple[Gate, Missing]]


def wrong_state(state: SaleState, move: str) -> Conflict:
    return Conflict(
        "sale_state",
        f"a sale that is {state} cannot be {move}",
        f"认购状态为“{chinese(state)}”，不能进行“{chinese(move)}”",
    )


def not_ready_to_sign(missing: OpenGates) -> RuleBroken:
    return _not_ready("sale_not_ready", "the sale cannot be signed yet", "尚不能签约", missing)


def not_ready_to_confirm(missing: OpenGates) -> RuleBroken:
    return _not_ready(
        "sale_not_confirmable", "the shares cannot be confirmed yet", "尚不能确认份额", missing
    )


def _not_ready(code: str, en: str, zh: str, missing: OpenGates) -> RuleBroken:
    rules = [gate.rule_id for gate, _ in missing if gate.rule_id]
    return RuleBroken(
        code,
        f"{en}; still missing: " + "; ".join(lack.en for _, lack in missing),
        f"{zh}：" + "；".join(lack.zh for _, lack in missing),
        rule=rules[0] if rules else "",
    )


def decision_lapsed(lapsed: Missing) -> RuleBroken:
    return RuleBroken(
        "decision_lapsed",
        f"no payment is taken before {lapsed.en}, and before the client has signed again",
        f"不能收款：{lapsed.zh}，并由客户重新签约",
    )


def not_your_client() -> Forbidden:
    return Forbidden(
        "not_your_client",
        "only the client's adviser, the leader of that team or a stand-in may do this",
        "只有该客户的理财顾问、其团队长或获临时授权的代理人可以操作",
    )


def amount_differs() -> RuleBroken:
    return RuleBroken(
        "amount_differs",
        "the payment is not the amount of the sale; pay exactly that amount",
        "付款金额与认购金额不一致，请按认购金额付款",
        field="amount",
    )


def callback_before_payment() -> RuleBroken:
    return RuleBroken(
        "callback_before_payment",
        "a callback before the payment does not count; make it after the cooling-off",
        "付款前的回访无效，请在冷静期结束后进行",
        rule="PF-05",
    )


def callback_too_early(until: str) -> RuleBroken:
    return RuleBroken(
        "callback_too_early",
        f"a callback inside the cooling-off does not count; make it after {until}",
        f"冷静期内的回访无效，请在 {until} 之后进行",
        rule="PF-05",
    )


def callback_succeeded_already() -> Conflict:
    return Conflict(
        "callback_succeeded_already",
        "the callback has succeeded already; the shares can be confirmed",
        "回访已成功，可以确认份额",
    )


def rescission_too_late() -> RuleBroken:
    return RuleBroken(
        "rescission_too_late",
        "after a successful callback, or once shares are confirmed, a sale cannot be rescinded",
        "回访成功或份额确认后不能再解除合同",
        rule="PF-06",
    )
