"""All released rule packs: which one was in force, and which one a receipt names."""

from collections.abc import Iterable, Sequence
from datetime import date

from chassis.errors import Invalid
from services.suitability.domain.pack import Pack


class Packs:
    """*switched_on* names rules that are shipped off and that this institution applies."""

    def __init__(self, released: Sequence[Pack], switched_on: Iterable[str] = ()) -> None:
        self._released = sorted(released, key=lambda pack: pack.effective_from)
        wanted = tuple(switched_on)
        self._applied = [pack.switch_on(wanted) for pack in self._released]

    def in_force(self, on: date) -> Pack:
        """The latest pack effective on the day; Invalid before the first."""
        effective = [pack for pack in self._applied if pack.effective_from <= on]
        if effective:
            return effective[-1]
        first = self._released[0].effective_from
        raise Invalid(
            "no_rule_pack",
            f"no rule pack is in force on {on}; the first takes effect on {first}",
            f"{on} 没有生效的规则包，最早的规则包自 {first} 起生效",
            field="at",
        )

    def named(self, name: str) -> Pack:
        """The pack by the name a receipt gives it, with the rules it had switched on."""
        version, *switched_on = name.split("+")
        try:
            (pack,) = (pack for pack in self._released if pack.version == version)
            return pack.switch_on(switched_on)
        except (ValueError, KeyError):
            raise Invalid(
                "unknown_rule_pack",
                f"rule pack {name} is not among the released packs",
                f"没有规则包 {name}",
                field="rule_pack",
            ) from None
