"""Which clients a message names, and whether a caller sees all of them."""

from collections.abc import Callable, Iterator

import sqlalchemy as sa
from google.protobuf.message import Message

from chassis.custody import CustodyTables, Predicate
from chassis.scope import Reach, Scope

NAMED = "customer_id"

Subjects = frozenset[str]
NOBODY: Subjects = frozenset()
SeesAll = Callable[[Scope, Subjects], bool]


def subjects(*messages: Message) -> Subjects:
    return frozenset(found for message in messages for found in _named(message) if found)


def _named(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        several = value if field.is_repeated else [value]
        if field.name in (NAMED, f"{NAMED}s"):
            yield from several
        elif field.message_type is not None and not field.message_type.GetOptions().map_entry:
            for each in several:
                yield from _named(each)


def everybody(scope: Scope, asked: Subjects) -> bool:
    """For services that keep nothing of clients, or tell each reader's own figures anew."""
    return True


def by_custody(engine: sa.Engine, tables: CustodyTables) -> SeesAll:
    subject = tables.custody.c.subject_id
    return by_rows(engine, subject, lambda scope: tables.seen(scope, subject))


def by_rows(
    engine: sa.Engine, subject: sa.ColumnElement[str], seen: Callable[[Scope], Predicate]
) -> SeesAll:
    """*subject* is unique; a client of whom there is no row is seen by all-seers only."""

    def sees_all(scope: Scope, asked: Subjects) -> bool:
        if not asked or scope.reach is Reach.INSTITUTION:
            return True
        theirs = sa.select(sa.func.count(subject)).where(subject.in_(sorted(asked)), seen(scope))
        with engine.connect() as connection:
            return connection.execute(theirs).scalar_one() == len(asked)

    return sees_all
