"""python -m services.<name> trail verify [--head DIGEST] | head | prune; the gateway's as well."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from chassis.clock import system_clock
from chassis.database import engine
from chassis.trail.ledger import Ledger
from chassis.trail.pruning import Incomplete, prune
from chassis.trail.tables import trail_tables
from chassis.trail.verifying import Broken, Found, Verdict, verify

MEANINGS = {
    Found.CHANGED: "the entry is not what was linked",
    Found.MISSING: "the entry or its link is gone",
    Found.INSERTED: "the entry was put in beside the chain",
    Found.REORDERED: "the link belongs to another entry",
    Found.REPLACED: "the announced head is not in this chain",
}


@dataclass(frozen=True)
class Kept:
    """Whose trail it is, where it is kept and for how many days."""

    service: str
    database_url: str = field(repr=False)
    days: int


def run(argv: Sequence[str], kept: Kept) -> int:
    """The exit code: 0 intact or done, 1 broken, 2 not understood."""
    parser = argparse.ArgumentParser(prog=f"{kept.service} trail")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("head", help="the end of the chain, as it is announced")
    commands.add_parser("prune", help=f"let go of entries older than {kept.days} days")
    checked = commands.add_parser("verify", help="read the whole chain and name its first break")
    checked.add_argument("--head", type=_digest, default=b"", help="a digest announced before")
    try:
        told = parser.parse_args(argv)
    except SystemExit as left:
        return int(left.code or 0)
    return COMMANDS[told.command](kept, told)


def _digest(text: str) -> bytes:
    digest = bytes.fromhex(text)
    if len(digest) != 32:
        raise ValueError("not a SHA-256 digest")
    return digest


def _head(kept: Kept, _: argparse.Namespace) -> int:
    ledger = Ledger(kept.service, kept.database_url)
    head = ledger.head()
    ledger.close()
    print(f"{kept.service}: position {head.position}, digest {head.digest.hex()}")
    return 0


def _prune(kept: Kept, _: argparse.Namespace) -> int:
    try:
        gone = prune(kept.database_url, kept.days, system_clock())
    except Incomplete as error:
        print(f"{kept.service}: {error}; verify the trail first", file=sys.stderr)
        return 1
    print(f"{kept.service}: {gone} entries older than {kept.days} days are gone")
    return 0


def _verify(kept: Kept, told: argparse.Namespace) -> int:
    verdict = verify(kept.service, kept.database_url, told.head)
    _note(kept, verdict)
    print(f"{kept.service}: {verdict.links} links read, {verdict.waiting} entries not linked yet")
    if verdict.broken:
        print(f"{kept.service}: BROKEN: {said(verdict.broken)}")
        return 1
    head = verdict.head
    print(f"{kept.service}: intact up to position {head.position}, digest {head.digest.hex()}")
    return 0


def said(broken: Broken) -> str:
    where = [f"position {broken.position}"] if broken.position else []
    where += [f"entry {broken.entry_id}"] if broken.entry_id else []
    return f"{', '.join(where) or 'anywhere'}: {broken.how}: {MEANINGS[broken.how]}"


def _note(kept: Kept, verdict: Verdict) -> None:
    metadata = sa.MetaData()
    trail_tables(metadata)
    writing = engine(kept.database_url, connections=1)
    with writing.begin() as connection:
        connection.execute(
            metadata.tables["trail_verifications"].insert(),
            {
                "at": system_clock(),
                "position": verdict.head.position,
                "digest": verdict.head.digest,
                "found": verdict.broken.how if verdict.broken else "intact",
            },
        )
    writing.dispose()


COMMANDS: dict[str, Callable[[Kept, argparse.Namespace], int]] = {
    "head": _head,
    "prune": _prune,
    "verify": _verify,
}
