"""What a product is, and the terms it is sold on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from chassis.errors import RuleBroken


class Kind(StrEnum):
    BANK_WEALTH = "bank_wealth"
    PUBLIC_FUND = "public_fund"
    PRIVATE_FUND = "private_fund"
    COLLECTIVE_TRUST = "collective_trust"
    SECURITIES_AM_PLAN = "securities_am_plan"
    INSURANCE = "insurance"


class Placement(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"


class AssetClass(StrEnum):
    FIXED_INCOME = "fixed_income"
    MIXED = "mixed"
    EQUITY = "equity"
    COMMODITY_DERIVATIVES = "commodity_derivatives"


class State(StrEnum):
    LISTED = "listed"
    SUSPENDED = "suspended"
    DELISTED = "delisted"


class InsuranceLine(StrEnum):
    LIFE = "life"
    HEALTH = "health"
    PROPERTY = "property"
    GROUP = "group"


class InsuranceDesign(StrEnum):
    TRADITIONAL = "traditional"
    PARTICIPATING = "participating"
    UNIVERSAL = "universal"
    UNIT_LINKED = "unit_linked"
    VARIABLE_ANNUITY = "variable_annuity"


PLACED_PRIVATELY = frozenset({Kind.PRIVATE_FUND, Kind.COLLECTIVE_TRUST, Kind.SECURITIES_AM_PLAN})


@dataclass(frozen=True)
class InsuranceTerms:
    line: InsuranceLine
    design: InsuranceDesign
    term_years: int
    pay_years: int


@dataclass(frozen=True)
class ScriptNode:
    """One node that a dual recording of this product must cover."""

    node_id: str
    title_zh: str
    title_en: str
    say_zh: str
    answer_required: bool


@dataclass(frozen=True, kw_only=True)
class Terms:
    name: str
    kind: Kind
    placement: Placement
    asset_class: AssetClass | None = None
    minimum_amount: Decimal = Decimal(0)  # CNY
    matures_on: date | None = None
    cooling_off_hours: int | None = None
    insurance: InsuranceTerms | None = None
    script: tuple[ScriptNode, ...] = ()
    state: State = State.LISTED


def usual_placement(kind: Kind) -> Placement:
    """Private funds, collective trusts and securities plans are placed privately."""
    return Placement.PRIVATE if kind in PLACED_PRIVATELY else Placement.PUBLIC


def check_terms(terms: Terms) -> None:
    _check_insurance(terms)
    _check_script(terms.script)


def _check_insurance(terms: Terms) -> None:
    if terms.insurance and terms.kind is not Kind.INSURANCE:
        raise RuleBroken(
            "insurance_terms_on_other_kind",
            "only an insurance product carries insurance terms",
            "只有保险产品才有保险条款",
            field="insurance",
        )


def _check_script(script: Sequence[ScriptNode]) -> None:
    if len({node.node_id for node in script}) < len(script):
        raise RuleBroken(
            "script_node_repeated",
            "two nodes of the recording script have the same id",
            "双录话术中有重复的节点编号",
            field="script",
        )
