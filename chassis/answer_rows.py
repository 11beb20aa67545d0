"""The table of answers given under idempotency keys, and everything that is done to it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

KEPT = sa.text("interval '24 hours'")

CLAIMED, APPLIED, ANSWERED, REFUSED = "claimed", "applied", "answered", "refused"


def answers_table(metadata: sa.MetaData) -> sa.Table:
    """Add the answers to *metadata*."""
    now = sa.func.now()
    table = sa.Table(
        "answers",
        metadata,
        sa.Column("caller", sa.Text, primary_key=True),
        sa.Column("method", sa.Text, primary_key=True),
        sa.Column("key_digest", sa.LargeBinary, primary_key=True),
        sa.Column("body_digest", sa.LargeBinary, nullable=False),
        sa.Column("claim", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("content_sealed", sa.LargeBinary),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False, server_default=now),
    )
    sa.Index("answers_by_age", table.c.made_at)
    return table


def create_answers(op: Any) -> None:
    """For a migration of its own; *op* is alembic's."""
    metadata = sa.MetaData()
    answers_table(metadata)
    metadata.create_all(op.get_bind(), checkfirst=False)


_table = answers_table(sa.MetaData())
_row = _table.c
_keys = list(_table.primary_key.columns)
_who: sa.BindParameter[str] = sa.bindparam("who")
_what: sa.BindParameter[str] = sa.bindparam("what")
_key: sa.BindParameter[bytes] = sa.bindparam("key")
_here = (_row.caller == _who) & (_row.method == _what) & (_row.key_digest == _key)
_mine = _here & (_row.claim == sa.bindparam("mine"))
_old = _row.made_at < sa.func.now() - KEPT
_over = _row.claimed_until < sa.func.now()

# Nobody waits for the disk: the commit of the work flushes the claim before it, and an answer
# that was lost is told as done already.
_unhurried = sa.func.set_config("synchronous_commit", "off", True, type_=sa.Text)


def _claiming() -> sa.Executable:
    """New, or abandoned before anything was done, or forgotten."""
    claiming = insert(_table).values(
        caller=_who,
        method=_what,
        key_digest=_key,
        body_digest=sa.bindparam("body"),
        claim=sa.bindparam("mine"),
        state=CLAIMED,
        claimed_until=sa.func.now()
        + sa.func.make_interval(0, 0, 0, 0, 0, 0, sa.bindparam("seconds", type_=sa.Float)),
    )
    new = claiming.excluded
    abandoned = (_row.state == CLAIMED) & _over & (_row.body_digest == new.body_digest)
    taken = {name: new[name] for name in ("body_digest", "claim", "state", "claimed_until")}
    return claiming.on_conflict_do_update(
        index_elements=_keys,
        set_={**taken, "content_sealed": None, "made_at": sa.func.now()},
        where=abandoned | _old,
    ).returning(_unhurried)


def _pruning() -> sa.Executable:
    """The oldest first, around those that somebody holds."""
    some = sa.select(*_keys).where(_old).order_by(_row.made_at).limit(sa.bindparam("most"))
    return _table.delete().where(sa.tuple_(*_keys).in_(some.with_for_update(skip_locked=True)))


CLAIM = _claiming()
FIND = sa.select(_row.body_digest, _row.state, _row.content_sealed, _over.label("over")).where(
    _here
)
MARK = _table.update().where(_mine).values(state=APPLIED)
KEEP = (
    _table.update()
    .where(_mine, _row.state.in_(sa.bindparam("from", expanding=True)))
    .values(state=sa.bindparam("to"), content_sealed=sa.bindparam("sealed"))
    .returning(_unhurried)
)
RELEASE = _table.delete().where(_mine, _row.state == CLAIMED)
PRUNE = _pruning()
