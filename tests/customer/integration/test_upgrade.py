"""A database of an earlier version, brought to the newest one."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database import engine
from chassis.migrations import migrate
from services.customer.adapters import tables
from services.customer.bootstrap import SERVICE

FIRST = "0001_customers.py"
# As version 0001 wrote them, most columns at their emptiest.
OLD_ROW = """
INSERT INTO customers SELECT * FROM jsonb_populate_record(null::customers, '
  {"state": "customer", "kind": "person", "name_sealed": "", "name_index": "", "sex": "",
   "identity_sealed": "", "phone_sealed": "", "wechat_sealed": "", "address_sealed": "",
   "tags": [], "source": "import", "campaign": "", "lead_id": "", "registered_by": "",
   "team_id": "t-1", "branch_id": "b-1", "assignment_sequence": 0, "kyc_id": "",
   "kyc_state": "none", "kyc_submitted_by": "", "kyc_reviewed_by": "", "kyc_reason": "",
   "facts": {}, "risk_level": "", "risk_level_sequence": 0, "aum": 0, "version": 1,
   "created_at": "2026-11-01T00:00:00Z", "updated_at": "2026-11-01T00:00:00Z"}'::jsonb || :more)
"""


@pytest.fixture
def old(create_database: Callable[[str], str], tmp_path: Path) -> Iterator[sa.Engine]:
    shutil.copy(SERVICE.migrations / FIRST, tmp_path / FIRST)
    url = create_database("customer_upgrade")
    migrate(url, tmp_path)
    bound = engine(url)
    yield bound
    bound.dispose()


def add(old: sa.Engine, **more: object) -> None:
    with old.begin() as connection:
        connection.execute(
            sa.text(OLD_ROW).bindparams(sa.bindparam("more", type_=JSONB)), {"more": more}
        )


def test_other_services_are_told_who_looks_after_the_customers_on_file(old: sa.Engine) -> None:
    add(old, customer_id="c-1", customer_no="K1", adviser_id="s-1")
    add(old, customer_id="c-2", customer_no="K2", adviser_id="")
    add(old, customer_id="c-3", customer_no="", adviser_id="s-1", state="prospect")

    migrate(old.url.render_as_string(hide_password=False), SERVICE.migrations)

    with old.connect() as connection:
        told = connection.execute(
            sa.select(tables.mailbox.outbox).order_by(tables.mailbox.outbox.c.id)
        ).all()
    bodies = [json.loads(row.body) for row in told]
    assert {row.type for row in told} == {"liheng.customer.v1.AdviserChanged"}
    assert [(row.subject, body["adviserId"]) for row, body in zip(told, bodies, strict=True)] == [
        ("c-1", "s-1"),
        ("c-2", ""),
    ]
    assert (bodies[0]["teamId"], bodies[0]["branchId"]) == ("t-1", "b-1")


def test_an_identity_number_stays_with_one_customer(old: sa.Engine) -> None:
    migrate(old.url.render_as_string(hide_password=False), SERVICE.migrations)
    more = {"identity_index": r"\x01", "identity_contested": False, "adviser_id": ""}
    more |= {"kyc_reason_sealed": ""}
    add(old, customer_id="c-1", customer_no="", **more)
    add(old, customer_id="c-2", customer_no="", **{**more, "identity_contested": True})

    with pytest.raises(sa.exc.IntegrityError, match="customers_identified_once"):
        add(old, customer_id="c-3", customer_no="", **more)
