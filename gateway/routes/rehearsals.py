"""/rehearsals: what a draft of a rule pack would change, for whom and for how much."""

from collections.abc import AsyncIterator, Iterable

from starlette.responses import StreamingResponse

from gateway.operation import Asked, Routes
from gateway.schemas import rehearsals as schemas
from gateway.schemas.paging import PageAsked
from gateway.schemas.shown import page_of
from gateway.sentences import Sentence
from gateway.tables import MEDIA_TYPE, first, table
from liheng.suitability.v1 import packs_pb2 as pb

rehearsals = Routes("suitability")

ROWS_AT_ONCE = 200
COLUMNS = tuple(field.name for field in pb.RehearsalCase.DESCRIPTOR.fields)


@rehearsals.post(
    "/rule-packs/{pack_id}/rehearsals",
    permission="rehearsal.start",
    summary=Sentence("Rehearse a draft; a running one is stopped", "预演规则包草案"),
    body=schemas.RehearsalAsked,
    shows=schemas.Rehearsal,
    status=202,
    location="/rehearsals/{rehearsal_id}",
)
async def start_rehearsal(asked: Asked) -> pb.Rehearsal:
    said = {name: value for name, value in asked.body.items() if value is not None}
    request = pb.StartRehearsalRequest(**asked.path, **said)
    return (await asked.call(asked.services.rehearsals.StartRehearsal, request)).rehearsal


@rehearsals.get(
    "/rule-packs/{pack_id}/rehearsals",
    permission="rehearsal.read",
    summary=Sentence("Rehearsals of a rule pack, newest first", "规则包的预演列表"),
    query=PageAsked,
    shows=page_of(schemas.Rehearsal, "rehearsals"),
)
async def list_rehearsals(asked: Asked) -> pb.ListRehearsalsResponse:
    request = pb.ListRehearsalsRequest(**asked.path, **asked.query)
    return await asked.call(asked.services.rehearsals.ListRehearsals, request)


@rehearsals.get(
    "/rehearsals/{rehearsal_id}",
    permission="rehearsal.read",
    summary=Sentence("How a rehearsal is getting on, and what it found", "预演进展与汇总"),
    shows=schemas.Rehearsal,
)
async def get_rehearsal(asked: Asked) -> pb.Rehearsal:
    request = pb.GetRehearsalRequest(**asked.path)
    return (await asked.call(asked.services.rehearsals.GetRehearsal, request)).rehearsal


@rehearsals.get(
    "/rehearsals/{rehearsal_id}/tallies",
    permission="rehearsal.read",
    summary=Sentence(
        "Cases and money by rule, product, branch or adviser", "按规则、产品、机构、理财顾问汇总"
    ),
    query=schemas.TalliesAsked,
    shows=page_of(schemas.RehearsalTally, "tallies"),
)
async def list_rehearsal_tallies(asked: Asked) -> pb.ListRehearsalTalliesResponse:
    request = pb.ListRehearsalTalliesRequest(**asked.path, **asked.query)
    return await asked.call(asked.services.rehearsals.ListRehearsalTallies, request)


@rehearsals.get(
    "/rehearsals/{rehearsal_id}/cases",
    permission="rehearsal.read",
    summary=Sentence("Case by case, with the rules behind each", "逐笔明细及其依据规则"),
    query=schemas.CasesAsked,
    shows=page_of(schemas.RehearsalCase, "cases"),
)
async def list_rehearsal_cases(asked: Asked) -> pb.ListRehearsalCasesResponse:
    request = pb.ListRehearsalCasesRequest(**asked.path, **asked.query)
    return await asked.call(asked.services.rehearsals.ListRehearsalCases, request)


@rehearsals.get(
    "/rehearsals/{rehearsal_id}/cases.csv",
    permission="rehearsal.read",
    summary=Sentence("All cases as a spreadsheet opens them", "导出全部明细（CSV）"),
    query=schemas.CasesWanted,
    file=MEDIA_TYPE,
)
async def export_rehearsal_cases(asked: Asked) -> StreamingResponse:
    name = f"rehearsal-{asked.path['rehearsal_id']}.csv"
    return table(name, COLUMNS, await first(every_page(asked)))


async def every_page(asked: Asked) -> AsyncIterator[Iterable[pb.RehearsalCase]]:
    cursor, more = "", True
    while more:
        request = pb.ListRehearsalCasesRequest(
            **asked.path, **asked.query, limit=ROWS_AT_ONCE, cursor=cursor
        )
        answer = await asked.call(asked.services.rehearsals.ListRehearsalCases, request)
        yield answer.cases
        cursor, more = answer.next_cursor, bool(answer.next_cursor)
