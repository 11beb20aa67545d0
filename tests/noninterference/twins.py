"""Two worlds that differ in nothing that one caller may see."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from tests.noninterference.cast import (
    ADVISERS,
    NOW,
    PRODUCTS,
    STAFF,
    Client,
    Grant,
    Handover,
    Person,
    Sale,
    World,
    concerned,
    identities,
    sees,
)

SURNAMES = "林孙王李赵"
GIVEN = ("爱达", "博", "思远", "静怡", "建国", "晓梅")
STREETS = ("文三路1号", "西湖大道88号2单元301", "庆春路9号")
LEVELS = ("C1", "C2", "C3", "C4", "C5")
OWNERS = tuple(adviser.staff_id for adviser in ADVISERS)
CLIENTS = 9
HANDOVERS = 4
REJECTED = (0, 2, 5)


@dataclass(frozen=True)
class Twins:
    """*hidden* are the keys of clients whom the caller sees in neither world."""

    who: Person
    one: World
    other: World

    @property
    def hidden(self) -> frozenset[int]:
        worlds = (self.one, self.other)
        return frozenset(
            client.key
            for w in worlds
            for client in w.clients
            if not sees(self.who, client, w.grants)
        )


def twins(who: Person, random: Random) -> Twins:
    one = some_world(random)
    seen = frozenset(client.key for client in one.clients if sees(who, client, one.grants))
    related = {key for pair in one.family if seen & {*pair} for key in pair}
    clients = [_other(client, who, one.grants, random) for client in one.clients]
    kept = [client for client in clients if client.key in seen | related or random.random() < 0.7]
    other = replace(
        one,
        clients=(*kept, *_newcomers(who, one.grants, random)),
        handovers=tuple(_others(one.handovers, who, random)),
        rejected=one.rejected if who.reach == "institution" else random.choice(REJECTED),
    )
    return Twins(who, one, replace(other, family=_family(one, other, seen, random)))


def some_world(random: Random) -> World:
    clients = tuple(some_client(key, random) for key in range(CLIENTS))
    pairs = {tuple(sorted(random.sample(range(CLIENTS), 2))) for _ in range(4)}
    known = {client.key for client in clients if client.onboarded}
    family = tuple((a, b) for a, b in sorted(pairs) if {a, b} <= known)
    return World(
        clients,
        tuple(some_grants(clients, random)),
        family,
        tuple(some_handover(number, random) for number in range(HANDOVERS)),
        random.choice(REJECTED),
    )


def some_client(key: int, random: Random, owner: str | None = None) -> Client:
    onboarded = key % 4 > 0
    if owner is None:
        owner = random.choice(OWNERS) if onboarded or random.random() < 0.5 else ""
    sale = random.random() < 0.7
    return Client(
        key=key,
        owner=owner,
        onboarded=onboarded,
        surname=random.choice(SURNAMES),
        given=random.choice(GIVEN),
        identity=identities("1")[key],
        phone=f"138{random.randrange(10_000):04d}{key:04d}",
        street=random.choice(STREETS),
        level=random.choice(LEVELS),
        income=random.randrange(1, 90) * 10_000,
        held=random.randrange(1, 900) * 1_000,
        bought=random.randrange(1, 900) * 1_000,
        minutes=random.randrange(0, 2_000),
        sale=some_sale(random) if onboarded and owner and sale else None,
    )


def some_sale(random: Random) -> Sale:
    return Sale(
        product_id=random.choice(PRODUCTS),
        amount=random.randrange(1, 90) * 10_000,
        decided=random.random() < 0.7,
        recorded=random.random() < 0.7,
    )


def some_handover(number: int, random: Random) -> Handover:
    one, other = random.sample(OWNERS, 2)
    return Handover(
        handover_id=f"h-{number}",
        from_adviser=one,
        to_adviser=other,
        moved=random.randrange(1, 90),
    )


def some_grants(clients: tuple[Client, ...], random: Random) -> list[Grant]:
    grants = []
    for number in range(random.randrange(2, 7)):
        whom = random.choice(STAFF).staff_id
        told = Grant(grant_id=f"g-{number}", staff_id=whom, owner=random.choice(OWNERS))
        if random.random() < 0.5:
            told = replace(told, owner="", customer_id=random.choice(clients).customer_id)
        if random.random() < 0.3:
            told = replace(told, valid_until=NOW - timedelta(hours=1))
        grants.append(told)
    return grants


def _other(client: Client, who: Person, grants: tuple[Grant, ...], random: Random) -> Client:
    """The client as the other world knows them."""
    if sees(who, client, grants):
        return masked_alike(client, who, random)
    other = some_client(client.key, random)
    return replace(other, owner=client.owner) if sees(who, other, grants) else other


def _others(handovers: tuple[Handover, ...], who: Person, random: Random) -> Iterator[Handover]:
    """Of those that do not concern the caller, some are gone, and some between other people."""
    for number, handover in enumerate(handovers):
        if concerned(who, handover):
            yield handover
        elif not concerned(who, other := some_handover(number, random)):
            yield other


def _newcomers(who: Person, grants: tuple[Grant, ...], random: Random) -> list[Client]:
    some = (some_client(CLIENTS + number, random) for number in range(3))
    return [client for client in some if not sees(who, client, grants)]


def _family(
    one: World, other: World, seen: frozenset[int], random: Random
) -> tuple[tuple[int, int], ...]:
    """Links between visible clients stay. That a visible client has a spouse is known, too, but
    not who it is; links between others come and go."""
    strangers = [client.key for client in other.clients if client.key not in seen]
    links = {pair for pair in one.family if seen.issuperset(pair)}
    for pair in one.family:
        for client in seen.intersection(pair) if pair not in links else ():
            links.add(
                _pair(
                    client, random.choice([k for k in strangers if _pair(client, k) not in links])
                )
            )
    if len(strangers) > 1:
        links.add(_pair(*random.sample(strangers, 2)))
    return tuple(sorted(links))


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)


def masked_alike(client: Client, who: Person, random: Random) -> Client:
    """Other personal data behind the same masks."""
    changed = replace(
        client,
        phone=f"138{random.randrange(10_000):04d}{client.key:04d}",
        street=random.choice(STREETS),
        identity=random.choice(identities("1")[100 + client.key :: 50]),
    )
    return changed if "name" in who.sees else replace(changed, given=random.choice(GIVEN))
