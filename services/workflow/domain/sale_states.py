"""The states of a sale, and what may be done in which."""

from enum import StrEnum


class SaleState(StrEnum):
    DRAFTED = "drafted"
    DECIDED = "decided"
    RECORDED = "recorded"
    SIGNED = "signed"
    PAID = "paid"
    COOLING_OFF = "cooling_off"
    CALLBACK = "callback"
    CONFIRMED = "confirmed"
    RESCINDED = "rescinded"
    REFUSED = "refused"


class Channel(StrEnum):
    BRANCH = "branch"
    ONLINE = "online"
    PHONE = "phone"


class Initiator(StrEnum):
    CLIENT = "client"
    STAFF = "staff"


UNSIGNED = frozenset({SaleState.DRAFTED, SaleState.DECIDED, SaleState.RECORDED})
UNPAID = UNSIGNED | {SaleState.SIGNED}
SETTLING = frozenset({SaleState.PAID, SaleState.COOLING_OFF, SaleState.CALLBACK})

# What may be done to a sale, and in which states; gates and roles come on top.
SALE_MOVES = {
    "signed": UNSIGNED,
    "paid": frozenset({SaleState.SIGNED}),
    "called back": frozenset({SaleState.CALLBACK}),
    "confirmed": SETTLING,
    "rescinded": UNPAID | SETTLING,
}
