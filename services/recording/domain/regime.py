"""Who sells what, and which regulator's rules decide about it."""

from enum import StrEnum


class Licence(StrEnum):
    BANK = "bank"
    WEALTH_COMPANY = "wealth_company"
    TRUST = "trust"
    INSURER = "insurer"
    INSURANCE_AGENT = "insurance_agent"
    SECURITIES_FIRM = "securities_firm"
    FUND_COMPANY = "fund_company"
    FUND_DISTRIBUTOR = "fund_distributor"
    PRIVATE_FUND_MANAGER = "private_fund_manager"


class ProductKind(StrEnum):
    BANK_WEALTH = "bank_wealth"
    PUBLIC_FUND = "public_fund"
    PRIVATE_FUND = "private_fund"
    COLLECTIVE_TRUST = "collective_trust"
    SECURITIES_AM_PLAN = "securities_am_plan"
    INSURANCE = "insurance"


class Regime(StrEnum):
    NFRA = "NFRA"
    CSRC = "CSRC"


NFRA_LICENCES = frozenset(
    {
        Licence.BANK,
        Licence.WEALTH_COMPANY,
        Licence.TRUST,
        Licence.INSURER,
        Licence.INSURANCE_AGENT,
    }
)
ISSUED_UNDER_CSRC = frozenset({ProductKind.PUBLIC_FUND, ProductKind.SECURITIES_AM_PLAN})


def regime_of(licence: Licence, kind: ProductKind) -> Regime:
    """Funds and securities plans are CSRC's even in a bank (REG-02); insurance is NFRA's."""
    if kind is ProductKind.INSURANCE:
        return Regime.NFRA
    if licence in NFRA_LICENCES and kind not in ISSUED_UNDER_CSRC:
        return Regime.NFRA
    return Regime.CSRC
