"""The ways in which a use case says no, in the caller's two languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One input that is at fault, and how to mend it."""

    field: str
    en: str
    zh: str


class Refusal(Exception):
    """Something was asked that must not, or cannot, be done.

    *code* is stable and meant for programs; *en* and *zh* say what is wrong and how to
    mend it, without personal data; *rule* names the rule of the catalogue behind it;
    *field* names the input that is at fault; *faults* all of them, when there are several.
    """

    def __init__(self, code: str, en: str, zh: str, *, rule: str = "", field: str = "") -> None:
        super().__init__(en)
        self.code = code
        self.en = en
        self.zh = zh
        self.rule = rule
        self.field = field
        self.faults: tuple[Fault, ...] = ()


class NotFound(Refusal):
    """There is no such thing, or the caller may not know of it."""


class Conflict(Refusal):
    """Somebody else was faster, or the thing is not in a state for this."""


class RuleBroken(Refusal):
    """A rule of the business or its regulator forbids it."""


class Forbidden(Refusal):
    """This caller may not do it; another may."""


class Invalid(Refusal):
    """The input cannot be read."""
