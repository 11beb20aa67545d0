"""Step 4: products are matched, and the decision says why."""

from examples.journey.api import Json, Unexpected, until
from examples.journey.stage import ADVISER, OPERATIONS, Stage

PRIVATE_FUND = "LH-PF-04"
EQUITY_FUND = "LH-MF-05"

SCRIPT = [
    ("identity", "身份确认", "Who we are", "我是本机构理财顾问，工号与资质如屏幕所示。", False),
    ("product", "产品介绍", "The product", "您认购的是私募证券投资基金，由管理人发行。", False),
    ("risks", "风险揭示", "The risks", "本基金不保证本金和收益，您可能损失全部本金。", True),
    ("fees", "费用说明", "The fees", "管理费、托管费与业绩报酬如合同所载。", False),
    ("rights", "冷静期与回访", "Your rights", "签约后有不少于24小时的冷静期，回访前可解除。", True),
    ("signing", "自愿签署", "Signing", "您是否已阅读并自愿签署？", True),
]


def list_products(stage: Stage) -> None:
    operations = stage.as_(OPERATIONS)
    script = [
        dict(
            zip(("node_id", "title_zh", "title_en", "say_zh", "answer_required"), node, strict=True)
        )
        for node in SCRIPT
    ]
    operations.put(
        f"/v1/products/{PRIVATE_FUND}",
        {
            "name": "理衡远山私募证券投资基金",
            "kind": "private_fund",
            "placement": "private",
            "asset_class": "equity",
            "issuer_level": "R3",
            "seller_level": "R4",
            "minimum_amount": "1000000.00",
            "cooling_off_hours": "24",
            "script": script,
        },
    )
    operations.put(
        f"/v1/products/{EQUITY_FUND}",
        {
            "name": "理衡高波动股票基金",
            "kind": "public_fund",
            "placement": "public",
            "asset_class": "equity",
            "issuer_level": "R5",
            "seller_level": "R5",
            "minimum_amount": "1000.00",
        },
    )


def decide(stage: Stage, customer_id: str, product_id: str, **request: object) -> Json:
    """Decide, and tell what was decided and by which rules."""
    body = {
        "customer_id": customer_id,
        "product_id": product_id,
        "channel": "branch",
        "recording_consent": True,
        **request,
    }
    adviser = stage.as_(ADVISER)
    answer = until(
        "the facts reaching suitability",
        lambda: known(adviser.post_once_known("/v1/decisions", body)),
    )
    tell_decision(stage, answer)
    return answer


def known(decision: Json) -> Json | None:
    """Events may still be on their way: facts that were given must not be called missing."""
    waiting = {"customer_facts", "product_facts", "assessment", "reassessment"}
    return None if waiting & set(decision["requires"]) else decision


def tell_decision(stage: Stage, decision: Json) -> None:
    level = decision["effective_level"]
    stage.tell(
        f"{decision['outcome']} {decision['product_id']} ({level}) for ¥{decision['amount']}, "
        f"regime {decision['regime']}, {decision['customer_class']} client"
    )
    telling = [rule for rule in decision["rules"] if rule["verdict"] == decision["outcome"]]
    for rule in telling[:4]:
        stage.tell(f"  {rule['rule_id']} ({rule['regulation']} {rule['article']}): {rule['en']}")
    if decision["requires"]:
        stage.tell(f"  still missing: {', '.join(decision['requires'])}")
    if decision["obligations"]:
        stage.tell(f"  must go through: {', '.join(o['name'] for o in decision['obligations'])}")


def show_block_and_require(stage: Stage, customer_id: str) -> None:
    blocked = decide(
        stage, customer_id, EQUITY_FUND, amount="50000.00", initiated_by="staff", steps=[]
    )
    missing = decide(
        stage, customer_id, EQUITY_FUND, amount="50000.00", initiated_by="client", steps=[]
    )
    expect(blocked, "BLOCK")
    expect(missing, "REQUIRE")


def expect(decision: Json, outcome: str) -> None:
    if decision["outcome"] != outcome:
        raise Unexpected(f"{outcome} was expected: {decision}")
