"""Who looks after the clients that the feed has something to say about, as known right now."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from weakref import WeakValueDictionary

from chassis.scope import Custody

REMEMBERED = 10_000  # words that the database may not have yet

# The customer service decides; until it does, workflow says who follows up a lead. Sequences of
# the two cannot be compared.
LEADS, CUSTOMERS = 0, 1
Version = tuple[int, int]  # who says it, and their sequence
NOTHING: Version = (-1, -1)


@dataclass(eq=False)
class Custodian:
    """Of one client; every hint about the client holds the same one."""

    customer_id: str
    custody: Custody | None = None  # None: nobody told us of the client
    version: Version = NOTHING

    def take(self, custody: Custody, version: Version) -> None:
        """The newer of two words stays."""
        if version > self.version:
            self.custody, self.version = custody, version


class Custodians:
    """Kept as long as a hint needs them, or the database may be behind."""

    def __init__(self) -> None:
        self._known: WeakValueDictionary[str, Custodian] = WeakValueDictionary()
        self._lately: deque[Custodian] = deque(maxlen=REMEMBERED)

    def unknown(self, customer_ids: Iterable[str]) -> set[str]:
        return {each for each in customer_ids if each and each not in self._known}

    def hear(self, customer_id: str, custody: Custody, version: Version) -> None:
        """What an event says."""
        custodian = self.of(customer_id)
        custodian.take(custody, version)
        self._lately.append(custodian)

    def of(self, customer_id: str) -> Custodian:
        found = self._known.get(customer_id)
        if found is None:
            found = self._known[customer_id] = Custodian(customer_id)
        return found

    def learn(self, rows: Mapping[str, tuple[Custody, int]]) -> list[Custodian]:
        """What the database says; hold the answer until the hints do."""
        learnt = []
        for customer_id, (custody, sequence) in rows.items():
            custodian = self.of(customer_id)
            custodian.take(custody, (CUSTOMERS, sequence))
            learnt.append(custodian)
        return learnt
