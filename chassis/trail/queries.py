"""Reading the trail, newest or oldest first; and what is known of its chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.errors import Forbidden, Invalid
from chassis.trail.entry import Entry, code
from chassis.trail.tables import trail_tables

_metadata = sa.MetaData()
trail_tables(_metadata)
entries, links = _metadata.tables["trail_entries"], _metadata.tables["trail_links"]
waiting, cuts = _metadata.tables["trail_waiting"], _metadata.tables["trail_cuts"]
heads, verifications = _metadata.tables["trail_heads"], _metadata.tables["trail_verifications"]

READERS = frozenset({"auditor", "compliance"})
OUTCOMES = ("", "done", "refused")

SHOWN: sa.Select[Any] = sa.select(
    *(column for column in entries.c if column.name != "details"),
    sa.cast(entries.c.details, sa.Text).label("details"),
    sa.func.coalesce(links.c.position, 0).label("position"),
).join_from(entries, links, entries.c.entry_id == links.c.entry_id, isouter=True)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Empty filters let everything pass; *before* is the entry that the page goes on behind."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: tuple[datetime, int] | None = None
    limit: int = 50
    oldest_first: bool = False

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOMES:
            raise Invalid(
                "unknown_outcome",
                "outcome must be done or refused",
                "outcome 只能是 done 或 refused",
                field="outcome",
            )

    @property
    def reading(self) -> Entry:
        """What is recorded of having asked this."""
        asked = {name: code(getattr(self, name)) for name in ("actor", "action", "outcome")}
        moments = {"from": self.since, "to": self.until}
        told = {name: value for name, value in {**asked, **moments}.items() if value}
        return Entry(action="trail.read", subject=code(self.subject), details=told)


def check_reader(roles: frozenset[str]) -> None:
    if not roles & READERS:
        raise Forbidden(
            "not_a_reader_of_the_trail",
            "only auditors and compliance read the trail",
            "只有审计和合规人员可以查阅审计日志",
        )


def page(connection: sa.Connection, wanted: Wanted) -> Sequence[sa.Row[Any]]:
    by = (entries.c.at, entries.c.entry_id)
    here = sa.tuple_(*by)
    order = by if wanted.oldest_first else [column.desc() for column in by]
    asked = SHOWN.order_by(*order).limit(wanted.limit)
    for name in ("actor", "action", "subject", "outcome"):
        if getattr(wanted, name):
            asked = asked.where(entries.c[name] == getattr(wanted, name))
    if wanted.since:
        asked = asked.where(entries.c.at >= wanted.since)
    if wanted.until:
        asked = asked.where(entries.c.at < wanted.until)
    if wanted.before:
        there = sa.tuple_(sa.literal(wanted.before[0], entries.c.at.type), wanted.before[1])
        asked = asked.where(here > there if wanted.oldest_first else here < there)
    return connection.execute(asked).all()


@dataclass(frozen=True)
class State:
    """Of a chain: its newest link, what waits, what was announced and found last."""

    position: int
    digest: bytes
    waiting: int
    announced: sa.Row[Any] | None
    verified: sa.Row[Any] | None


def state(connection: sa.Connection) -> State:
    ends = sa.union_all(
        sa.select(links.c.position, links.c.digest), sa.select(cuts.c.position, cuts.c.digest)
    ).subquery()
    end = connection.execute(sa.select(ends).order_by(ends.c.position.desc()).limit(1)).first()
    return State(
        position=end.position if end else 0,
        digest=end.digest if end else b"",
        waiting=connection.execute(sa.select(sa.func.count()).select_from(waiting)).scalar_one(),
        announced=connection.execute(heads.select().order_by(heads.c.day.desc()).limit(1)).first(),
        verified=connection.execute(
            verifications.select().order_by(verifications.c.verification_id.desc()).limit(1)
        ).first(),
    )
