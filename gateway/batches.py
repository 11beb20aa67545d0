"""Many of one kind at once: each item is a request of its own, and gets an answer of its own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import grpc
from marshmallow import Schema, ValidationError, fields
from starlette.responses import Response

from gateway.answering import Writer
from gateway.operation import PATH_PARAMETER, Asked, Operation, Values
from gateway.problems import Problem, from_rpc, from_validation
from gateway.schemas import shown, taken
from gateway.schemas.problems import ProblemDetails
from gateway.sentences import Sentence, preferred

MOST = 100  # items


class Items(taken.Parts):
    """Read one by one later: a fault of one item is not the fault of the others."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list) or not 1 <= len(value) <= MOST:
            raise ValidationError(NOT_SO_MANY)
        return value


NOT_SO_MANY = Sentence(f"Must be a list of 1 to {MOST} items", f"必须是 1 到 {MOST} 项的列表")


def batch_of(one: Operation) -> Operation:
    """`POST /leads/{lead_id}/drops` for many: `POST /leads/drops/batches`."""
    item = item_schema(one)
    return Operation(
        name=f"{one.name}_batch",
        method="POST",
        path=PATH_PARAMETER.sub("", one.path).replace("//", "/") + "/batches",
        tag=one.tag,
        permission=one.permission,
        summary=Sentence(f"{one.summary}, many at once", f"{one.summary.zh}（批量）"),
        run=Batch(one, item()).run,
        body=taken.Strict.from_dict(
            {"items": Items(item, required=True)}, name=named(one, "Batch")
        ),
        shows=shown.Shown.from_dict(
            {"items": fields.List(fields.Nested(answer_schema(one)), required=True)},
            name=named(one, "BatchAnswers"),
        ),
        batch_of=one.name,
    )


class Batch:
    """Runs the items of one batch in their order: two may be about the same thing."""

    def __init__(self, operation: Operation, item: Schema) -> None:
        self._operation = operation
        self._item = item
        self._writer = Writer(operation)

    async def run(self, asked: Asked) -> Values:
        items = enumerate(asked.body["items"])
        return {"items": [await self._answered(*numbered, asked) for numbered in items]}

    async def _answered(self, number: int, item: Any, asked: Asked) -> Values:
        try:
            found = await self._done(self._part(number, item, asked))
        except Problem as problem:
            language = preferred(asked.request.headers.get("accept-language", ""))
            told = problem.told(language, asked.request.scope["request_id"])
            return {"status": problem.status, "problem": told}
        return {"status": self._operation.status, **found}

    def _part(self, number: int, item: Any, asked: Asked) -> Asked:
        try:
            body: Values = self._item.load(item)
        except ValidationError as error:
            raise from_validation(ValidationError({"body": error.messages})) from None
        path = {name: body.pop(name) for name in self._operation.path_parameters}
        return replace(asked, path=path, body=body, headers={}, line=asked.line.part(number))

    async def _done(self, asked: Asked) -> Values:
        try:
            found = await self._operation.run(asked)
        except grpc.aio.AioRpcError as error:
            raise from_rpc(error, self._operation.tag, lambda _: "body") from error
        if found is None or isinstance(found, Response):
            return {}
        return {"body": self._writer.shown(found)}


def item_schema(one: Operation) -> type[Schema]:
    """What the address would have said is a field of the item."""
    ids: Mapping[str, fields.Field[Any]] = {
        name: taken.Id(required=True) for name in one.path_parameters
    }
    return (one.body or taken.Strict).from_dict(dict(ids), name=named(one, "Item"))


def answer_schema(one: Operation) -> type[Schema]:
    """Either what the single request shows, or the problem it would be told."""
    declared: dict[str, fields.Field[Any]] = {
        "status": shown.Count(),
        "problem": fields.Nested(ProblemDetails),
    }
    if one.shows:
        declared["body"] = fields.Nested(one.shows)
    return shown.Shown.from_dict(declared, name=named(one, "Answer"))


def named(one: Operation, what: str) -> str:
    return one.name.title().replace("_", "") + what
