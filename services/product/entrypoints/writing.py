"""Write table rows as the contract's messages."""

from typing import Any

import sqlalchemy as sa

from chassis.decimals import plain
from chassis.moments import stamp
from liheng.product.v1 import events_pb2, product_pb2


def product_message(row: sa.Row[Any]) -> product_pb2.Product:
    return product_pb2.Product(
        product_id=row.product_id,
        name=row.name,
        kind=row.kind,
        placement=row.placement,
        asset_class=row.asset_class or "",
        issuer_level=row.issuer_level or "",
        seller_level=row.seller_level or "",
        effective_level=row.effective_level or "",
        minimum_amount=str(row.minimum_amount),
        matures_on=row.matures_on.isoformat() if row.matures_on else "",
        nav=plain(row.nav),
        nav_as_of=row.nav_as_of.isoformat() if row.nav_as_of else "",
        cooling_off_hours=plain(row.cooling_off_hours),
        insurance=events_pb2.InsuranceTerms(**row.insurance) if row.insurance else None,
        script=[events_pb2.ScriptNode(**node) for node in row.script],
        state=row.state,
        version=row.version,
        updated_at=stamp(row.updated_at),
    )


def rating_message(row: sa.Row[Any]) -> product_pb2.Rating:
    return product_pb2.Rating(
        issuer_level=row.issuer_level or "",
        seller_level=row.seller_level or "",
        effective_level=row.effective_level or "",
        reason=row.reason,
        rated_by=row.rated_by,
        at=stamp(row.at),
    )
