"""All released rule packs: which one was in force, and which one a receipt names."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from chassis.errors import Invalid
from services.suitability.domain.pack import Pack


class RulePacks(Protocol):
    """What is released now; asked anew for each decision."""

    def now(self) -> "Packs":
        """All of them at this moment, for many decisions of one answer."""
        ...

    def recently(self) -> "Packs":
        """All of them as of a second ago or later: for an answer that nobody keeps."""
        ...

    def in_force(self, on: date) -> Pack:
        """Invalid before the first."""
        ...

    def named(self, name: str) -> Pack:
        """The pack by the name a receipt gives it; Invalid when there is none."""
        ...


class Packs:
    """*shipped* packs hold until the first of the institution's *own* takes effect.

    *own* come in the order of their release: of two with the same day the later one counts.
    *switched_on* names rules that are shipped off and that this institution applies; its own
    packs say for themselves which they apply.
    """

    def __init__(
        self, shipped: Sequence[Pack], switched_on: Iterable[str] = (), own: Sequence[Pack] = ()
    ) -> None:
        wanted = tuple(switched_on)
        self.shipped = in_order(pack.switch_on(wanted) for pack in shipped)
        self.own = in_order(own)
        self._all = (*own, *shipped)

    def now(self) -> "Packs":
        return self

    def recently(self) -> "Packs":
        return self

    def in_force(self, on: date) -> Pack:
        """The institution's latest effective on the day, else the latest that is shipped."""
        pack = latest(self.own, on) or latest(self.shipped, on)
        if pack is None:
            raise none_in_force(on, self._first())
        return pack

    def named(self, name: str) -> Pack:
        """The pack by the name a receipt gives it, with the rules it had switched on."""
        version, *switched_on = name.split("+")
        try:
            (pack,) = (pack for pack in self._all if pack.version == version)
            return pack.switch_on(switched_on)
        except (ValueError, KeyError):
            raise Invalid(
                "unknown_rule_pack",
                f"rule pack {name} is not among the released packs",
                f"没有规则包 {name}",
                field="rule_pack",
            ) from None

    def shipped_as(self, edition: str) -> Pack:
        """A shipped pack with what this institution switches on; Invalid when there is none."""
        for pack in self.shipped:
            if pack.version == edition:
                return pack
        return self.named(edition)

    def _first(self) -> date:
        return min(pack.effective_from for pack in self._all)


def latest(packs: Sequence[Pack], on: date) -> Pack | None:
    """*packs* in the order of their days."""
    effective = [pack for pack in packs if pack.effective_from <= on]
    return effective[-1] if effective else None


def in_order(packs: Iterable[Pack]) -> tuple[Pack, ...]:
    return tuple(sorted(packs, key=lambda pack: pack.effective_from))


def none_in_force(on: date, first: date) -> Invalid:
    return Invalid(
        "no_rule_pack",
        f"no rule pack is in force on {on}; the first takes effect on {first}",
        f"{on} 没有生效的规则包，最早的规则包自 {first} 起生效",
        field="at",
    )
