"""Decimals as contracts carry them."""

from decimal import Decimal


def plain(number: Decimal | int | None) -> str:
    """Without exponent and without the zeros its column pads it with; empty when there is none."""
    if number is None:
        return ""
    written = f"{Decimal(number):f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
