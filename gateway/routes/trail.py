"""/trail: what all services and the gateway have written down, and whether it is intact."""

import asyncio
import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import grpc

from chassis.moments import moment
from chassis.paging import DEFAULT_LIMIT
from gateway.merging import Read, merged
from gateway.operation import Asked, Routes, Values
from gateway.schemas import trail as schemas
from gateway.sentences import Sentence
from liheng.trail.v1 import trail_pb2 as pb

trail = Routes("trail")

OWN = "gateway"
FILTERS = ("actor", "action", "subject", "outcome")


@trail.get(
    "/trail",
    permission="trail.read",
    summary=Sentence("What was done, seen and refused", "审计日志"),
    query=schemas.TrailAsked,
    shows=schemas.TrailPage,
)
async def list_trail(asked: Asked) -> Mapping[str, Any]:
    query = {name: value for name, value in asked.query.items() if value is not None}
    page = await merged(
        _trails(asked, query.get("service", "")),
        _request(query),
        query.get("cursor", ""),
        query.get("limit", DEFAULT_LIMIT),
    )
    return {
        "items": [{"service": name, **_entry(entry)} for name, entry in page.entries],
        "next": page.cursor or None,
        "away": page.away,
    }


@trail.get(
    "/trail/heads",
    permission="trail.read",
    summary=Sentence("The ends of the hash chains, and what was found in them", "审计链状态"),
    shows=schemas.TrailHeads,
)
async def list_trail_heads(asked: Asked) -> Mapping[str, Any]:
    found = await asyncio.gather(*(_head(asked, name) for name in schemas.TRAILS))
    heads = dict(zip(schemas.TRAILS, found, strict=True))
    return {
        "items": [{"service": name, **head} for name, head in heads.items() if head is not None],
        "away": [name for name, head in heads.items() if head is None],
    }


def _trails(asked: Asked, service: str) -> dict[str, Read]:
    stubs = asked.services.trails
    reads: dict[str, Read] = {OWN: asked.trail.own.entries}
    reads |= {name: partial(asked.call, stub.ListEntries) for name, stub in stubs.items()}
    return {name: reads[name] for name in ([service] if service else reads)}


def _request(query: Values) -> pb.ListEntriesRequest:
    request = pb.ListEntriesRequest(**{name: query.get(name, "") for name in FILTERS})
    request.oldest_first = query.get("sort") == "at"
    if "since" in query:
        getattr(request, "from").CopyFrom(query["since"])
    if "until" in query:
        request.to.CopyFrom(query["until"])
    return request


def _entry(entry: pb.Entry) -> dict[str, Any]:
    texts = ("actor", "system", "usecase", "trace_id", "request_id", "action", "subject")
    return {
        "entry_id": entry.entry_id,
        "at": moment(entry.at),
        "roles": list(entry.roles),
        **{name: getattr(entry, name) or None for name in (*texts, "purpose", "outcome")},
        "details": json.loads(entry.details or "{}"),
        "position": entry.position,
    }


async def _head(asked: Asked, service: str) -> dict[str, Any] | None:
    try:
        if service == OWN:
            return _shown(await asked.trail.own.head())
        stub = asked.services.trails[service]
        return _shown(await asked.call(stub.GetHead, pb.GetHeadRequest()))
    except grpc.aio.AioRpcError:
        return None


def _shown(head: pb.GetHeadResponse) -> dict[str, Any]:
    announced, verified = head.announced, head.verified
    return {
        "position": head.position,
        "digest": head.digest or None,
        "waiting": head.waiting,
        "announced": {
            "day": announced.day,
            "position": announced.position,
            "digest": announced.digest,
        }
        if head.HasField("announced")
        else None,
        "verified": {
            "at": moment(verified.at),
            "position": verified.position,
            "found": verified.found,
        }
        if head.HasField("verified")
        else None,
    }
