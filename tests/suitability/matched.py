"""Where masks over many clients and the decision of each say different things."""

from collections.abc import Iterator

from services.suitability.adapters.matching.columns import Columns
from services.suitability.adapters.matching.outcomes import Matching
from services.suitability.domain.decision import decide
from services.suitability.domain.mask import Masks
from services.suitability.domain.pack import Pack, Verdict
from services.suitability.domain.sale import Sale, read_sale
from tests.suitability.cases import ZONE
from tests.suitability.random_sales import ON, Chance

CHUNK = 50  # less than a word, and less than all


def drawn(chance: Chance, *sections: str, count: int) -> list[Sale]:
    return [read_sale(chance.sale(*sections)) for _ in range(count)]


def columns_of(clients: list[Sale]) -> Columns:
    columns = Columns()
    columns.add(client.given for client in clients)
    return columns


def differing(
    pack: Pack, clients: list[Sale], products: list[Sale], masks: Masks | None = None
) -> Iterator[tuple[Sale, Verdict, Verdict]]:
    """The sale, what the mask says and what the decision says, where they are not the same."""
    matching = Matching(masks or Masks(pack, ON), products)
    for chunk in matching.over(columns_of(clients), CHUNK):
        for row in range(chunk.start, chunk.start + chunk.count):
            for place, product in enumerate(products):
                sale = Sale(product.at, {**product.given, **clients[row].given})
                said, right = chunk.outcome(place, row), decide(sale, pack, ZONE).outcome
                if said is not right:
                    yield sale, said, right
