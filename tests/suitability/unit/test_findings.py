"""What is put together from parts says what the whole would say."""

import json

from liheng.suitability.v1 import suitability_pb2 as pb
from services.suitability.domain.decision import decide
from services.suitability.domain.digest import canonical
from services.suitability.domain.receipt import prove, receipt
from services.suitability.domain.sale import read_sale
from services.suitability.entrypoints.findings import finding_bytes
from services.suitability.entrypoints.writing import finding_message
from tests.suitability.cases import PACK, ZONE, all_cases

DECISIONS = [decide(read_sale(case.sale), PACK, ZONE) for case in all_cases()]


def test_findings_put_together_are_those_of_the_receipt() -> None:
    for decision in DECISIONS:
        rules = json.loads(json.dumps(receipt(decision)))["rules"]

        together = map(pb.RuleFinding.FromString, finding_bytes(decision.findings))

        assert list(together) == [finding_message(rule) for rule in rules]


def test_a_proof_holds_the_receipt_in_canonical_json() -> None:
    for decision in DECISIONS:
        assert prove(decision).content == canonical(receipt(decision)).encode()
