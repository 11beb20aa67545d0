"""Products between the domain and table rows."""

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from services.product.domain.nav import NavPoint
from services.product.domain.product import Product
from services.product.domain.rating import Level, Rating
from services.product.domain.terms import (
    AssetClass,
    InsuranceDesign,
    InsuranceLine,
    InsuranceTerms,
    Kind,
    Placement,
    ScriptNode,
    State,
    Terms,
)


def to_product(row: sa.Row[Any]) -> Product:
    return Product(
        product_id=row.product_id,
        terms=_terms(row),
        rating=Rating(
            Level(row.issuer_level) if row.issuer_level else None,
            Level(row.seller_level) if row.seller_level else None,
        ),
        updated_at=row.updated_at,
        latest_nav=NavPoint(row.nav, row.nav_as_of) if row.nav is not None else None,
        version=row.version,
    )


def _terms(row: sa.Row[Any]) -> Terms:
    return Terms(
        name=row.name,
        kind=Kind(row.kind),
        placement=Placement(row.placement),
        asset_class=AssetClass(row.asset_class) if row.asset_class else None,
        minimum_amount=row.minimum_amount,
        matures_on=row.matures_on,
        cooling_off_hours=row.cooling_off_hours,
        insurance=_insurance(row.insurance) if row.insurance else None,
        script=tuple(ScriptNode(**node) for node in row.script),
        state=State(row.state),
    )


def _insurance(stored: dict[str, Any]) -> InsuranceTerms:
    return InsuranceTerms(
        InsuranceLine(stored["line"]),
        InsuranceDesign(stored["design"]),
        stored["term_years"],
        stored["pay_years"],
    )


def to_values(product: Product) -> dict[str, Any]:
    terms, rating, nav = product.terms, product.rating, product.latest_nav
    return {
        "product_id": product.product_id,
        "name": terms.name,
        "kind": terms.kind,
        "placement": terms.placement,
        "asset_class": terms.asset_class,
        **rating_values(rating),
        "minimum_amount": terms.minimum_amount,
        "matures_on": terms.matures_on,
        "nav": nav.nav if nav else None,
        "nav_as_of": nav.as_of if nav else None,
        "cooling_off_hours": terms.cooling_off_hours,
        "insurance": asdict(terms.insurance) if terms.insurance else sa.null(),
        "script": [asdict(node) for node in terms.script],
        "state": terms.state,
        "version": product.version + 1,
        "updated_at": product.updated_at,
    }


def rating_values(rating: Rating) -> dict[str, Any]:
    return {
        "issuer_level": rating.issuer_level,
        "seller_level": rating.seller_level,
        "effective_level": rating.effective_level,
    }
