"""What went wrong, told as application/problem+json (RFC 9457) in the caller's language."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import grpc
import orjson
from marshmallow import ValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import Response

from chassis.errors import Conflict, Fault, Forbidden, Invalid, NotFound, Refusal, RuleBroken
from chassis.status import to_refusal
from gateway.sentences import Language, Sentence, preferred

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = "2"  # seconds

TITLES = {
    400: Sentence("The request cannot be read", "请求无法读取"),
    401: Sentence("Who are you?", "请先登录"),
    403: Sentence("You may not do this", "无权进行此操作"),
    404: Sentence("Not found", "未找到"),
    405: Sentence("Method not allowed", "不支持此方法"),
    408: Sentence("The request took too long to arrive", "请求接收超时"),
    409: Sentence("In conflict with the present state", "与当前状态冲突"),
    412: Sentence("Changed by somebody else meanwhile", "已被他人修改"),
    413: Sentence("Too large", "内容过大"),
    415: Sentence("Content type not supported", "不支持的内容类型"),
    414: Sentence("The address is too long", "地址过长"),
    422: Sentence("The request cannot be accepted", "请求不能接受"),
    429: Sentence("Too many requests", "请求过于频繁"),
    431: Sentence("The headers are too large", "请求头过大"),
    500: Sentence("An error of ours", "系统内部错误"),
    503: Sentence("A service is away for the moment", "服务暂时不可用"),
    504: Sentence("A service took too long", "服务响应超时"),
}

STATUSES: dict[type[Refusal], int] = {
    NotFound: 404,
    Conflict: 409,
    RuleBroken: 422,
    Forbidden: 403,
    Invalid: 422,
}


IN_FLIGHT = "idempotency_in_flight"
BROKER_AWAY = "broker_away"

Locate = Callable[[str], str]  # where in the request a field is


@dataclass(frozen=True)
class FieldError:
    location: str  # path, query, headers, body
    field: str
    detail: Sentence


class Problem(Exception):
    """Ends a request with a refusal that the caller can read."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: Sentence,
        *,
        rule: str = "",
        errors: tuple[FieldError, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.rule = rule
        self.errors = errors
        self.headers = headers or {}

    def again(self, *, status: int, headers: Mapping[str, str]) -> "Problem":
        """The same, under another status or with other headers."""
        return Problem(
            status, self.code, self.detail, rule=self.rule, errors=self.errors, headers=headers
        )

    def told(self, language: Language, request_id: str) -> dict[str, object]:
        shown: dict[str, object] = {
            "type": f"urn:liheng:problem:{self.code}",
            "title": TITLES[self.status].read_in(language),
            "status": self.status,
            "code": self.code,
            "detail": self.detail.read_in(language),
            "request_id": request_id,
        }
        if self.rule:
            shown["rule"] = self.rule
        if self.errors:
            shown["errors"] = [
                {
                    "location": error.location,
                    "field": error.field,
                    "detail": error.detail.read_in(language),
                }
                for error in self.errors
            ]
        return shown


def answer(problem: Problem, connection: HTTPConnection) -> Response:
    return respond(problem, connection.headers, connection.scope.get("request_id", ""))


def respond(problem: Problem, asked: Headers, request_id: str) -> Response:
    language = preferred(asked.get("accept-language", ""))
    told = problem.told(language, request_id)
    headers = {"Content-Language": language, "Vary": "Accept-Language", **problem.headers}
    return Response(orjson.dumps(told), problem.status, headers, MEDIA_TYPE)


def from_refusal(refusal: Refusal, locate: Locate) -> Problem:
    detail = Sentence(refusal.en, refusal.zh)
    found = refusal.faults or (
        (Fault(refusal.field, refusal.en, refusal.zh),) * bool(refusal.field)
    )
    errors = tuple(
        FieldError(locate(each.field), each.field, Sentence(each.en, each.zh)) for each in found
    )
    headers = {"Retry-After": RETRY_AFTER} if refusal.code in (IN_FLIGHT, BROKER_AWAY) else {}
    status = next(STATUSES[kind] for kind in type(refusal).__mro__ if kind in STATUSES)
    return Problem(
        503 if refusal.code == BROKER_AWAY else status,
        refusal.code,
        detail,
        rule=refusal.rule,
        errors=errors,
        headers=headers,
    )


def from_rpc(error: grpc.aio.AioRpcError, service: str, locate: Locate) -> Problem:
    """What a service refused, or that it could not be asked."""
    refusal = to_refusal(cast(grpc.Call, error))
    if refusal is not None:
        return from_refusal(refusal, locate)
    if error.code() is grpc.StatusCode.UNAVAILABLE:
        return service_away(service)
    if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
        detail = Sentence(
            f"The {service} service did not answer in time; whether it acted is not known",
            f"{service} 服务未能及时响应，操作是否生效未知",
        )
        return Problem(504, "service_too_slow", detail)
    log.error("the %s service failed: %s", service, error.code().name)
    return of_ours()


def service_away(service: str, seconds: str = RETRY_AFTER) -> Problem:
    detail = Sentence(
        f"The {service} service is away for the moment; try again shortly",
        f"{service} 服务暂时不可用，请稍后重试",
    )
    return Problem(503, "service_away", detail, headers={"Retry-After": seconds})


def service_busy(service: str) -> Problem:
    detail = Sentence(
        f"The {service} service has all the work it can take; try again shortly",
        f"{service} 服务繁忙，请稍后重试",
    )
    return Problem(503, "service_busy", detail, headers={"Retry-After": RETRY_AFTER})


def from_validation(error: ValidationError) -> Problem:
    errors = tuple(
        FieldError(location, field, sentence)
        for location, messages in sorted(error.messages_dict.items())
        for field, sentence in _flat(messages)
    )
    detail = Sentence(
        "Some fields are missing, unknown or not valid; see errors",
        "部分字段缺失、未知或无效，见 errors",
    )
    return Problem(422, "invalid_request", detail, errors=errors)


def _flat(messages: object, field: str = "") -> Iterator[tuple[str, Sentence]]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            step = "" if name == "_schema" else str(name)
            yield from _flat(inner, ".".join(filter(None, (field, step))))
    elif isinstance(messages, list):
        for message in messages:
            yield from _flat(message, field)
    elif isinstance(messages, Sentence):
        yield field, messages
    else:
        yield field, Sentence(str(messages), str(messages))


def from_http(error: HTTPException) -> Problem:
    """What the router refused."""
    if error.status_code == 405:
        detail = Sentence("This address does not know that method", "此地址不支持该方法")
        return Problem(405, "method_not_allowed", detail, headers=error.headers)
    if error.status_code == 404:
        return Problem(404, "no_such_address", Sentence("No such address", "没有这个地址"))
    detail = Sentence("The request cannot be read", "请求无法读取")
    return Problem(400, "unreadable_request", detail)


def of_ours() -> Problem:
    detail = Sentence(
        "Something went wrong on our side; it has been logged under the request id",
        "系统出错，已按请求编号记录",
    )
    return Problem(500, "internal_error", detail)
