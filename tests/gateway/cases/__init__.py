"""For every operation: what is asked over REST, what reaches the service, what is shown."""

from tests.gateway.cases import (
    access,
    analytics,
    customer_classes,
    customers,
    imports,
    leads,
    operations,
    products,
    recordings,
    rehearsals,
    rule_packs,
    sales,
    suitability,
)
from tests.gateway.cases.case import Case

CASES: list[Case] = [
    *customers.CASES,
    *access.CASES,
    *imports.CASES,
    *leads.CASES,
    *products.CASES,
    *suitability.CASES,
    *customer_classes.CASES,
    *rule_packs.CASES,
    *rehearsals.CASES,
    *sales.CASES,
    *recordings.CASES,
    *analytics.CASES,
    *operations.CASES,
]
