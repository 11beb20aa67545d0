"""Who is family to whom."""

from dataclasses import dataclass
from enum import StrEnum


class Relation(StrEnum):
    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    OTHER = "other"


SEEN_FROM_THE_OTHER_SIDE = {Relation.CHILD: Relation.PARENT, Relation.PARENT: Relation.CHILD}


@dataclass(frozen=True)
class FamilyLink:
    """*member_id* is the *relation* of *customer_id*."""

    customer_id: str
    member_id: str
    relation: Relation
