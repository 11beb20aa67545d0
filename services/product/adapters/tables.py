"""The tables of the product service."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from chassis.answer_rows import answers_table
from chassis.mailbox import mailbox_tables
from chassis.trail.tables import trail_tables

metadata = sa.MetaData()
mailbox = mailbox_tables(metadata)
answers = answers_table(metadata)
trail_tables(metadata)

MOMENT = sa.DateTime(timezone=True)
MONEY = sa.Numeric(20, 2)
NAV = sa.Numeric(20, 8)

products = sa.Table(
    "products",
    metadata,
    sa.Column("product_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("placement", sa.Text, nullable=False),
    sa.Column("asset_class", sa.Text),
    sa.Column("issuer_level", sa.Text),
    sa.Column("seller_level", sa.Text),
    sa.Column("effective_level", sa.Text),
    sa.Column("minimum_amount", MONEY, nullable=False),
    sa.Column("matures_on", sa.Date),
    sa.Column("nav", NAV),
    sa.Column("nav_as_of", sa.Date),
    sa.Column("cooling_off_hours", sa.Integer),
    sa.Column("insurance", JSONB),
    sa.Column("script", JSONB, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("updated_at", MOMENT, nullable=False),
)

# Every rating that ever counted, for the day somebody asks why a sale was allowed.
ratings = sa.Table(
    "ratings",
    metadata,
    sa.Column("rating_id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("product_id", sa.Text, sa.ForeignKey("products.product_id"), nullable=False),
    sa.Column("issuer_level", sa.Text),
    sa.Column("seller_level", sa.Text),
    sa.Column("effective_level", sa.Text),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("rated_by", sa.Text, nullable=False),
    sa.Column("at", MOMENT, nullable=False),
    sa.Index("ratings_by_product", "product_id", "rating_id"),
)

navs = sa.Table(
    "navs",
    metadata,
    sa.Column("product_id", sa.Text, sa.ForeignKey("products.product_id"), primary_key=True),
    sa.Column("as_of", sa.Date, primary_key=True),
    sa.Column("nav", NAV, nullable=False),
    sa.Column("published_at", MOMENT, nullable=False),
)
