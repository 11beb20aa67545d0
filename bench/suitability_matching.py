"""All clients against all products: beside the bare bits, one decision after another, and polars.

No server is needed. Clients are read once as a service reads them; a million are drawn from them,
fact by fact. Each figure is taken several times, in turn with what it is measured beside.
"""

import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from random import Random
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from bench.figure import Figure, show
from services.suitability.adapters.matching.columns import SOURCES, Columns
from services.suitability.adapters.matching.outcomes import CHUNK, Matching
from services.suitability.adapters.matching.planes import Planes, Values, unpacked, words_for
from services.suitability.adapters.packs import released_packs
from services.suitability.domain.circuit import AND, NOT, TRUE
from services.suitability.domain.decision import decide
from services.suitability.domain.mask import Masks
from services.suitability.domain.mask_atoms import Answer, AtLeast, Atom, Given
from services.suitability.domain.pack import Pack, Verdict
from services.suitability.domain.receipt import receipt
from services.suitability.domain.sale import Sale, read_sale

ON, ZONE = date(2026, 11, 23), ZoneInfo("Asia/Shanghai")
AT = "2026-11-23T10:00:00+08:00"
CLIENTS, PRODUCTS, READ = 1_000_000, 2_000, 20_000
ROUNDS = 3
PAIRS = 1_000
WINDOW = 12  # months, as in the shipped pack

Document = dict[str, object]
Facts = Mapping[str, object]


def measure() -> None:
    """Print one JSON line per figure."""
    pack, random = released_packs().in_force(ON), Random(1)
    clients = [read_sale(sale(customer=client(random))).given for _ in range(READ)]
    products = [read_sale(sale(**offer(random))) for _ in range(PRODUCTS)]
    columns, kept = drawn(clients)
    masks = Masks(pack, ON)
    matching = Matching(masks, products)
    whole, gates, bare, polars = in_turn(
        lambda: bitmap(matching, columns),
        lambda: gates_alone(matching, columns),
        lambda: kernel(matching, columns),
        lambda: gates_in_polars(matching, columns),
    )
    rate = CLIENTS * PRODUCTS / whole
    show(Figure("suitability.match_all", rate, "pairs/s", "bare bits", CLIENTS * PRODUCTS / bare))
    per_pair = one_by_one(pack, products, clients)
    show(Figure("suitability.match_all", rate, "pairs/s", "decision by decision", per_pair))
    pairs = CLIENTS * PRODUCTS
    show(Figure("suitability.match_gates", pairs / gates, "pairs/s", "polars", pairs / polars))
    eligible(pack, masks, products, clients)
    facts = sum(8 * len(column.rows) for column in columns.by_name.values())
    name = "suitability.memory_per_million_clients"
    show(Figure(name, kept / 2**20, "MiB", "8 bytes for each fact", facts / 2**20))


def sale(**sections: Document) -> Document:
    empty: Document = {"seller": {}, "customer": {}, "product": {}, "request": {}}
    return {"at": AT, **empty, **sections}


def client(random: Random) -> Document:
    level = f"C{random.randint(1, 5)}"
    changed = {"previous_risk_level": f"C{random.randint(1, 5)}"} if random.random() < 0.1 else {}
    return {
        "kind": random.choices(("person", "company", "qfii"), (90, 9, 1))[0],
        "born_on": f"{random.randint(1935, 2012)}-{random.randint(1, 12):02}-15",
        "risk_level": level,
        "lowest_category": level == "C1" and random.random() < 0.2,
        "assessed_on": [f"{random.randint(2024, 2026)}-{random.randint(1, 11):02}-20"],
        "financial_assets": amount(random),
        "household_financial_assets": amount(random),
        "average_income_3y": amount(random),
        "net_assets": amount(random),
        "investing_years": random.randint(0, 12),
        **changed,
    }


def offer(random: Random) -> dict[str, Document]:
    kind = random.choice(("bank_wealth", "public_fund", "private_fund", "collective_trust"))
    private = kind in ("private_fund", "collective_trust")
    rating = random.randint(1, 5)
    product: Document = {
        "kind": kind,
        "issuer_level": f"R{rating}",
        "seller_level": f"R{max(1, rating - random.randint(0, 1))}",
        "placement": "private" if private else "public",
        "asset_class": random.choice(("fixed_income", "mixed", "equity")),
        "state": random.choices(("listed", "suspended"), (95, 5))[0],
        "minimum_amount": str(random.choice((1, 1000, 10_000, 300_000, 400_000, 1_000_000))),
        "investor_count": random.randint(0, 210),
    }
    request: Document = {
        "amount": product["minimum_amount"],
        "initiated_by": "staff",
        "recording_consent": True,
    }
    seller: Document = {"licence": "trust", "channel": "branch"}
    return {"seller": seller, "product": product, "request": request}


def amount(random: Random) -> str:
    return f"{random.lognormvariate(13, 1.5):.2f}"


def drawn(clients: Sequence[Facts]) -> tuple[Columns, int]:
    """A million clients, each fact drawn by itself; and the bytes that their columns take."""
    tracemalloc.start()
    columns = Columns()
    columns.add(clients)
    rows = np.random.default_rng(1)
    for column in columns.by_name.values():
        column.rows = column.rows[rows.integers(0, READ, CLIENTS)]
    columns.size = CLIENTS
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return columns, taken


def in_turn(*work: Callable[[], float]) -> list[float]:
    """The median seconds of each."""
    rounds = [[one() for one in work] for _ in range(ROUNDS)]
    return [median(one[place] for one in rounds) for place in range(len(work))]


def bitmap(matching: Matching, columns: Columns) -> float:
    """Seconds for two bits of every pair, from the columns on; a chunk is written over the last.

    What each value of a fact answers is worked out in the first round, and kept.
    """
    started = perf_counter()
    for _ in matching.over(columns):
        pass
    return perf_counter() - started


def gates_alone(matching: Matching, columns: Columns) -> float:
    """As *bitmap*, but products with the same gates have one plane between them."""
    values, bound = Values(columns, ON, WINDOW), matching.program.bound(words_for(CHUNK))
    started = perf_counter()
    for start in range(0, columns.size - columns.size % CHUNK, CHUNK):
        bound.run(Planes(columns, values, start, start + CHUNK).plane)
    return (perf_counter() - started) * columns.size / (columns.size - columns.size % CHUNK)


def kernel(matching: Matching, columns: Columns) -> float:
    """The same bitwise calls on planes that are there already, into the same bitmap."""
    bound = matching.program.bound(words_for(CHUNK))
    bitmap = np.zeros((2, len(matching.of), words_for(CHUNK)), np.uint64)
    chunks = -(-columns.size // CHUNK)
    started = perf_counter()
    for _ in range(chunks):
        matching.spread(bound.calculate(), bitmap)
    return perf_counter() - started


def one_by_one(pack: Pack, products: list[Sale], clients: Sequence[Facts]) -> float:
    """Explained decisions per second, on sales that are read already."""
    random = Random(2)
    sales = [
        Sale(product.at, {**product.given, **random.choice(clients)})
        for product in random.choices(products, k=PAIRS)
    ]
    started = perf_counter()
    for one in sales:
        _ = decide(one, pack, ZONE).outcome
    return PAIRS / (perf_counter() - started)


def gates_in_polars(matching: Matching, columns: Columns) -> float:
    """Seconds for the same gates on the columns of polars, whose truths are bits as well."""
    values, program = Values(columns, ON, WINDOW), matching.program
    of: dict[str, pl.Series] = {
        name: pl.Series(column.rows) for name, column in columns.by_name.items()
    }
    tables = {
        atom: pl.Series(values.table(atom))
        for atom, _ in program.atoms
        if isinstance(atom, Answer) and len(atom.names) == 1
    }
    started = perf_counter()
    places: dict[int, pl.Series] = {}
    for atom, place in program.atoms:
        places[place] = atom_in_polars(atom, of, tables, columns, values)
    for place, gate in program.constants:
        places[place] = pl.repeat(gate == TRUE, CLIENTS, dtype=pl.Boolean, eager=True)
    for kind, reads, place in program.steps:
        one = places[reads[0]]
        if kind == NOT:
            places[place] = ~one
        else:
            places[place] = one & places[reads[1]] if kind == AND else one | places[reads[1]]
    return perf_counter() - started


def atom_in_polars(
    atom: Atom,
    of: dict[str, pl.Series],
    tables: dict[Answer, pl.Series],
    columns: Columns,
    values: Values,
) -> pl.Series:
    if isinstance(atom, Answer) and atom in tables:
        return tables[atom].gather(of[SOURCES.get(atom.names[0], atom.names[0])])
    if isinstance(atom, AtLeast):
        return of[atom.name] >= int(atom.amount * 100)
    if isinstance(atom, Given) and values.coded(atom.name) is None:
        return of[atom.name] >= 0
    planes = Planes(columns, values, 0, CLIENTS)  # few: given to it for nothing
    return pl.Series(unpacked(planes.plane(atom), CLIENTS))


def eligible(pack: Pack, masks: Masks, products: list[Sale], clients: Sequence[Facts]) -> None:
    """One client against the shelf, with reasons for what is refused; beside the mask alone."""
    matching, listed, bare = Matching(masks, products), [], []
    for given in clients[:20]:
        columns = Columns()
        columns.add([given])
        started = perf_counter()
        (chunk,) = matching.over(columns)
        bare.append(perf_counter() - started)
        for place, product in enumerate(products):
            if chunk.outcome(place, 0) is not Verdict.ALLOW:
                one = Sale(product.at, {**product.given, **given})
                receipt(decide(one, pack, ZONE))
        listed.append(perf_counter() - started)
    show(Figure("suitability.eligible_p50", median(listed), "s", "the bare mask", median(bare)))


if __name__ == "__main__":
    measure()
