"""Trials and explanations over gRPC: what is given, what is known, what is kept (nothing)."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.database import engine
from chassis.errors import Invalid, NotFound
from chassis.identity import Caller
from chassis.scope import Reach
from liheng.suitability.v1 import suitability_pb2 as pb
from liheng.suitability.v1 import suitability_pb2_grpc
from services.suitability.adapters.packs import released_packs
from services.suitability.adapters.tables import decisions, mailbox, metadata
from services.suitability.bootstrap import rpc as suitability_rpc
from services.suitability.config import SuitabilityConfig
from services.suitability.domain.catalogue import SECTIONS
from services.suitability.domain.derivation import derived_again
from tests.calling import CALLER_KEY, as_caller, refusal, served
from tests.suitability.cases import all_cases, decided, sale_of
from tests.suitability.integration.stage import ADVISER, Stack

STRANGER = Caller("s-x", frozenset({"adviser"}), "t-x", "b-x", reach=Reach.OWN)
ASKED = {"amount": "100000", "initiated_by": "client", "recording_consent": True}
WRITTEN = (decisions, mailbox.outbox, metadata.tables["trail_entries"])
SALES = [case.sale for case in all_cases() if not case.switched_on]

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["C3", "R9", "2026-02-30", "1e400", "-1", "\ud83d\ude00"])
)
json_of_any_shape = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def stack(postgres_url: Callable[[str], str]) -> Iterator[Stack]:
    stack = Stack(postgres_url("suitability"))
    config = SuitabilityConfig(
        database_url=stack.url,
        amqp_url="",
        rpc_address="127.0.0.1:0",
        caller_key=CALLER_KEY,
        licence="fund_distributor",
    )
    with served(suitability_rpc(config, stack.clock)) as channel:
        stack.stub = suitability_pb2_grpc.SuitabilityServiceStub(channel)
        stack.know("c-known", "P-known")
        stack.assess("c-known")
        yield stack


def tried(
    stack: Stack,
    facts: object,
    caller: Caller = ADVISER,
    *,
    customer_id: str = "",
    product_id: str = "",
) -> pb.Trial:
    text = facts if isinstance(facts, str) else json.dumps(facts)
    request = pb.TryDecisionRequest(facts_json=text, customer_id=customer_id, product_id=product_id)
    return stack.stub.TryDecision(request, metadata=as_caller(caller)).trial


def explained(
    stack: Stack, decision_id: str, caller: Caller = ADVISER
) -> pb.ExplainDecisionResponse:
    request = pb.ExplainDecisionRequest(decision_id=decision_id)
    return stack.stub.ExplainDecision(request, metadata=as_caller(caller))


def written(stack: Stack) -> list[int]:
    bound = engine(stack.url)
    with bound.connect() as connection:
        counts = [
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in WRITTEN
        ]
    bound.dispose()
    return counts


def with_receipt(stack: Stack, decision_id: str, receipt: dict[str, Any]) -> None:
    bound = engine(stack.url)
    with bound.begin() as connection:
        connection.execute(
            decisions.update().where(decisions.c.decision_id == decision_id).values(receipt=receipt)
        )
    bound.dispose()


def test_a_trial_on_given_facts_is_what_decide_says_of_them_offline(stack: Stack) -> None:
    sale = sale_of("bank_wealth")

    trial = tried(stack, sale)

    offline = decided(sale)
    assert json.loads(trial.receipt_json) == offline
    assert trial.digest == offline["digests"]["decision"]
    assert trial.outcome == offline["outcome"]
    assert [rule.rule_id for rule in trial.rules] == [rule["id"] for rule in offline["rules"]]
    assert not derived_again(json.loads(trial.receipt_json), released_packs()).differences


def test_a_trial_leaves_nothing_behind(stack: Stack) -> None:
    before = written(stack)

    tried(stack, sale_of("bank_wealth"))
    tried(stack, {"request": ASKED}, customer_id="c-known", product_id="P-known")

    assert written(stack) == before


def test_known_facts_count_until_others_are_given(stack: Stack) -> None:
    def answered(**given: object) -> pb.Trial:
        facts = {"seller": {"channel": "branch"}, "request": ASKED, **given}
        return tried(stack, facts, customer_id="c-known", product_id="P-known")

    known = answered()
    riskier = answered(product={"seller_level": "R5"})
    unknown = answered(customer={"assessed_on": None})

    assert (known.outcome, known.effective_level, known.customer_id) == ("ALLOW", "R3", "c-known")
    assert (riskier.outcome, riskier.effective_level) == ("REQUIRE", "R5")
    assert unknown.outcome == "REQUIRE"
    assert "assessed_on" in unknown.requires


def test_a_trial_of_somebody_elses_client_is_of_a_client_that_does_not_exist(stack: Stack) -> None:
    refused = refusal(
        lambda: tried(stack, {"request": ASKED}, STRANGER, customer_id="c-known", product_id="P1")
    )
    missing = refusal(
        lambda: tried(stack, {"request": ASKED}, customer_id="c-none", product_id="P1")
    )

    assert isinstance(refused, NotFound)
    assert vars(refused) == vars(missing)


def test_a_product_that_is_not_known_is_named(stack: Stack) -> None:
    refused = refusal(lambda: tried(stack, {"request": ASKED}, product_id="P-none"))

    assert (type(refused), refused.field) == (NotFound, "product_id")


def test_every_fact_that_cannot_be_read_is_told_in_both_languages(stack: Stack) -> None:
    facts = sale_of("bank_wealth", {"customer.born_on": "2026-02-30", "request.amount": "-1"})

    refused = refusal(lambda: tried(stack, facts))

    assert (type(refused), refused.code) == (Invalid, "unreadable_input")
    assert [fault.field for fault in refused.faults] == ["customer.born_on", "request.amount"]
    assert "2026-11-01" in refused.faults[0].en
    assert "日期" in refused.faults[0].zh


def test_however_much_is_wrong_the_refusal_arrives(stack: Stack) -> None:
    everything = {
        section: {name: ["nonsense"] for name in facts} for section, facts in sections().items()
    }

    refused = refusal(lambda: tried(stack, everything))

    assert len(refused.faults) > 5
    assert " more" in refused.en
    assert "另有" in refused.zh


def sections() -> dict[str, list[str]]:
    return {name: [fact.key for fact in facts] for name, facts in SECTIONS.items()}


def test_a_trial_on_nothing_says_what_it_would_need(stack: Stack) -> None:
    trial = tried(stack, {})

    assert trial.outcome == "REQUIRE"
    assert {"product_kind", "channel"} <= set(trial.requires)


def test_names_that_nothing_reads_are_pointed_out(stack: Stack) -> None:
    trial = tried(stack, sale_of("bank_wealth", {"request.nomineee": True}))

    assert [warning.field for warning in trial.warnings] == ["request.nomineee"]
    assert "nominee?" in trial.warnings[0].en


def test_many_names_that_nothing_reads_are_counted(stack: Stack) -> None:
    sale = sale_of("bank_wealth")
    sale["customer"].update({f"born_{place}": 1 for place in range(50_000)})

    trial = tried(stack, sale)

    assert len(trial.warnings) == 21
    assert trial.warnings[-1].en == "49980 more names were not read"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[" * 100_000,
        '{"at": NaN}',
        '{"at": Infinity}',
        '{"customer": {}, "customer": {}}',
        '{"why": "\\ud800"}',
        "9" * 5000,
        '"' + "x" * 1_000_000 + '"',
        "[]",
        "null",
        "1",
        '{"customer": []}',
        '{"product": {"insurance": "life"}}',
    ],
    ids=lambda text: text[:12],
)
def test_what_is_not_a_sale_is_refused(stack: Stack, text: str) -> None:
    refused = refusal(lambda: tried(stack, text))

    assert isinstance(refused, Invalid)
    assert refused.en
    assert refused.zh


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_whatever_is_sent_is_answered_or_refused(stack: Stack, data: st.DataObject) -> None:
    sale: dict[str, Any] = json.loads(json.dumps(data.draw(st.sampled_from(SALES))))
    for _ in range(data.draw(st.integers(0, 3))):
        inner = [section for section in sale.values() if isinstance(section, dict)]
        place = data.draw(st.sampled_from([sale, *inner]))
        name = data.draw(st.sampled_from(sorted(place) or ["at"]) | st.text(max_size=8))
        place[name] = data.draw(json_of_any_shape)

    try:
        text = json.dumps(sale, allow_nan=False)
        answer = tried(stack, text)
    except grpc.RpcError as error:
        assert isinstance(error, grpc.Call)
        assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    else:
        assert not derived_again(json.loads(answer.receipt_json), released_packs()).differences


def test_a_kept_decision_is_explained_again(stack: Stack) -> None:
    decision = stack.decide("c-known", "P-known")

    again = explained(stack, decision.decision_id)

    assert again.identical
    assert again.zh == "重新推导的结果与回执一致。"
    assert (again.outcome, again.digest) == (decision.outcome, decision.digest)
    assert list(again.rules) == list(decision.rules)


def test_a_receipt_that_was_changed_is_found_out(stack: Stack) -> None:
    decision = stack.decide("c-known", "P-known")
    receipt = json.loads(decision.receipt_json)
    with_receipt(stack, decision.decision_id, {**receipt, "outcome": "BLOCK", "added": 1})

    again = explained(stack, decision.decision_id)

    assert not again.identical
    found = {each.path: (each.receipt_json, each.derived_json) for each in again.differences}
    assert found == {"outcome": ('"BLOCK"', '"ALLOW"'), "added": ("1", "")}


def test_a_decision_on_somebody_elses_client_is_explained_to_nobody(stack: Stack) -> None:
    decision = stack.decide("c-known", "P-known")

    refused = refusal(lambda: explained(stack, decision.decision_id, STRANGER))
    missing = refusal(lambda: explained(stack, "d-none"))

    assert isinstance(refused, NotFound)
    assert vars(refused) == vars(missing)


def test_marketing_words_are_found_with_their_place_and_rule(stack: Stack) -> None:
    request = pb.CheckMarketingRequest(texts=["好", "不保本，但零\u200b风险"], channel="online")

    checked = stack.stub.CheckMarketing(request, metadata=as_caller(ADVISER))

    (one,) = checked.findings
    assert (one.text, one.start, one.end, one.found) == (1, 5, 9, "零\u200b风险")
    assert (one.word, one.rule_id, one.article) == ("零风险", "MKT-01", "第十三条")
    assert one.instead_zh
    assert list(checked.requires) == ["product_kind"]


def test_a_kind_of_product_that_nobody_knows_is_refused(stack: Stack) -> None:
    request = pb.CheckMarketingRequest(texts=["好"], product_kind="lottery")

    refused = refusal(lambda: stack.stub.CheckMarketing(request, metadata=as_caller(ADVISER)))

    assert (type(refused), refused.field) == (Invalid, "product_kind")
