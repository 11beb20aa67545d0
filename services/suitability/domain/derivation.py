"""A decision derived again from its receipt, by the rule pack and in the zone that it names."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chassis.errors import Invalid
from services.suitability.domain.decision import decide
from services.suitability.domain.packs import RulePacks
from services.suitability.domain.receipt import Document, differences, receipt
from services.suitability.domain.sale import read_sale

BESIDE_THE_PROOF = {"id", "warnings"}  # what `decide` adds to a receipt for its reader

IDENTICAL = (
    "重新推导的结果与回执一致。",
    "The decision derived again is identical to the receipt.",
)
DIFFERENT = (
    "重新推导的结果与回执不一致。",
    "The decision derived again differs from the receipt.",
)


class Difference(NamedTuple):
    """`Presence.ABSENT` stands for what one of the two does not have."""

    path: str
    receipt: object
    derived: object


class Derived(NamedTuple):
    receipt: Document
    differences: Sequence[Difference]

    @property
    def sentence(self) -> tuple[str, str]:
        """In Chinese and English."""
        return DIFFERENT if self.differences else IDENTICAL


def derived_again(said: Mapping[str, object], packs: RulePacks) -> Derived:
    """Raise Invalid when this is no receipt, or its pack is not known."""
    pack = packs.named(str(said.get("rule_pack")))
    derived = receipt(decide(read_sale(said.get("input")), pack, zone_of(said)))
    proven = {key: said[key] for key in said if key not in BESIDE_THE_PROOF}
    return Derived(derived, [Difference(*found) for found in differences(proven, derived)])


def zone_of(said: Mapping[str, object]) -> ZoneInfo:
    """Where the institution was: the zone its days were counted in."""
    try:
        return ZoneInfo(str(said.get("zone")))
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise Invalid(
            "broken_json",
            "this is not a receipt: it does not name its zone",
            "这不是匹配回执：缺少时区",
        ) from None
