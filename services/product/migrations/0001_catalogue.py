"""The catalogue: products, their ratings and their net asset values."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.mailbox_migrations import create_mailbox

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_mailbox(op)
    op.create_table(
        "products",
        sa.Column("product_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("placement", sa.Text, nullable=False),
        sa.Column("asset_class", sa.Text),
        sa.Column("issuer_level", sa.Text),
        sa.Column("seller_level", sa.Text),
        sa.Column("effective_level", sa.Text),
        sa.Column("minimum_amount", sa.Numeric(20, 2), nullable=False),
        sa.Column("matures_on", sa.Date),
        sa.Column("nav", sa.Numeric(20, 8)),
        sa.Column("nav_as_of", sa.Date),
        sa.Column("cooling_off_hours", sa.Integer),
        sa.Column("insurance", JSONB),
        sa.Column("script", JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "ratings",
        sa.Column("rating_id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("product_id", sa.Text, sa.ForeignKey("products.product_id"), nullable=False),
        sa.Column("issuer_level", sa.Text),
        sa.Column("seller_level", sa.Text),
        sa.Column("effective_level", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("rated_by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ratings_by_product", "ratings", ["product_id", "rating_id"])
    op.create_table(
        "navs",
        sa.Column("product_id", sa.Text, sa.ForeignKey("products.product_id"), primary_key=True),
        sa.Column("as_of", sa.Date, primary_key=True),
        sa.Column("nav", sa.Numeric(20, 8), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
    )
