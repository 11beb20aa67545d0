"""All rule packs there are to look at: shipped, and the institution's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.suitability.adapters.rule_pack_queries import RulePackQueries
from services.suitability.domain.pack_document import PackDocument
from services.suitability.domain.rule_pack import PackState, RulePack


@dataclass(frozen=True)
class Summary:
    """One pack, without its rules."""

    pack_id: str
    edition: str
    state: str
    effective_from: date
    follows: str = ""
    digest: str = ""
    drafted_by: str = ""
    drafted_at: datetime | None = None
    released_by: str = ""
    released_at: datetime | None = None
    version: int = 0
    rehearsal_id: str = ""


class PackShelf:
    def __init__(self, queries: RulePackQueries, shipped: Sequence[PackDocument]) -> None:
        self._queries = queries
        self._shipped = {document.edition: document for document in shipped}

    def shipped(self, pack_id: str) -> bool:
        return pack_id in self._shipped

    def one(self, pack_id: str) -> RulePack:
        """By its id or its edition. Raise NotFound when there is none."""
        if pack_id in self._shipped:
            return RulePack(
                pack_id=pack_id,
                document=self._shipped[pack_id],
                follows="",
                state=PackState.SHIPPED,
            )
        return self._queries.one(pack_id)

    def all(self, state: str) -> list[Summary]:
        """The latest effective day first; of *state* alone, when one is asked for."""
        found = [*map(_of_shipped, self._shipped.values()), *self._own()]
        wanted = (one for one in found if state in ("", one.state))
        return sorted(wanted, key=place, reverse=True)

    def _own(self) -> list[Summary]:
        return [
            Summary(
                pack_id=row.pack_id,
                edition=row.edition,
                state=row.state,
                effective_from=row.effective_from,
                follows=row.follows,
                digest=row.digest,
                drafted_by=row.drafted_by,
                drafted_at=row.drafted_at,
                released_by=row.released_by or "",
                released_at=row.released_at,
                version=row.version,
                rehearsal_id=row.rehearsal_id or "",
            )
            for row in self._queries.all()
        ]


def place(one: Summary) -> tuple[str, str]:
    return one.effective_from.isoformat(), one.pack_id


def summary_of(pack: RulePack) -> Summary:
    first, release = pack.changes[0] if pack.changes else None, pack.release
    return Summary(
        pack_id=pack.pack_id,
        edition=pack.edition,
        state=pack.state,
        effective_from=pack.effective_from,
        follows=pack.follows,
        digest=pack.digest,
        drafted_by=first.by if first else "",
        drafted_at=first.at if first else None,
        released_by=release.by if release else "",
        released_at=release.at if release else None,
        version=pack.version,
        rehearsal_id=release.rehearsal_id if release else "",
    )


def _of_shipped(document: PackDocument) -> Summary:
    return Summary(
        pack_id=document.edition,
        edition=document.edition,
        state=PackState.SHIPPED,
        effective_from=document.effective_from,
        digest=document.digest,
    )
