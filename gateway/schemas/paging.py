"""How a page of a list is asked for."""

from gateway.schemas import taken


class PageAsked(taken.Strict):
    limit = taken.Count(1, 200, strict=False)
    cursor = taken.Text(longest=500)


def sorted_by(*orders: str) -> taken.Choice:
    """By these fields, each also downwards with a leading minus."""
    return taken.Choice(*(sign + order for order in orders for sign in ("", "-")))
