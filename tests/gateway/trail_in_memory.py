"""The gateway's own trail, in memory, with who acted in each entry."""

from dataclasses import dataclass, field

from chassis import log
from chassis.identity import Caller, caller_or_nobody
from chassis.trail import Entry
from gateway.trail import away
from liheng.trail.v1 import trail_pb2 as pb


@dataclass
class TrailInMemory:
    kept: list[tuple[Caller, str, Entry]] = field(default_factory=list)  # caller, request id
    answer: pb.ListEntriesResponse = field(default_factory=pb.ListEntriesResponse)
    asked: list[pb.ListEntriesRequest] = field(default_factory=list)
    is_away: bool = False

    async def record(self, *entries: Entry) -> None:
        if self.is_away:
            raise away()
        told = caller_or_nobody(), log.request_id.get()
        self.kept += [(*told, entry) for entry in entries]

    async def record_if_new(self, entry: Entry) -> None:
        same = [each for _, _, each in self.kept if each.action == entry.action]
        if not same or same[-1] != entry:
            await self.record(entry)

    async def entries(self, request: pb.ListEntriesRequest) -> pb.ListEntriesResponse:
        self.asked.append(request)
        return self.answer

    async def head(self) -> pb.GetHeadResponse:
        return pb.GetHeadResponse(position=7, digest="ab" * 32)

    def of(self, action: str) -> list[tuple[Caller, str, Entry]]:
        return [told for told in self.kept if told[2].action == action]
