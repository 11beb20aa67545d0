"""Put the gateway together."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from chassis.identity import CallerSigner
from gateway import budgets, permissions, safety
from gateway.border import Border, measure, secure
from gateway.config import GatewayConfig
from gateway.docs import docs_routes
from gateway.endpoint import Door, Endpoint
from gateway.feed.feed import Feed
from gateway.problems import Problem, answer, from_http, of_ours
from gateway.routes import OPERATIONS
from gateway.sentences import Sentence
from gateway.services import Services
from gateway.signing_in import signing_in
from gateway.store.database import Store
from gateway.store.leavers import SqlLastWord
from gateway.store.trail import SqlOwnTrail
from gateway.trail import OwnTrail, Recorder
from gateway.webhooks.desk import Desk
from gateway.webhooks.secrets import Vault

SENT = [
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "X-Request-Id",
]
EXPOSED = [
    "Content-Language",
    "ETag",
    "Idempotency-Replayed",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-Id",
]


def make(config: GatewayConfig, own: OwnTrail | None = None) -> Starlette:
    """*own* is the gateway's trail; in its database unless told otherwise."""
    safety.check(config)
    app = Starlette(
        routes=[*api_routes(), *docs_routes()],
        lifespan=lifespan(config, own),
        middleware=[
            Middleware(Border),
            Middleware(
                CORSMiddleware,
                allow_origins=config.allowed_origins,
                allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
                allow_headers=SENT,
                expose_headers=EXPOSED,
            ),
        ],
        exception_handlers={
            Problem: on_problem,
            ClientDisconnect: on_gone,
            HTTPException: on_http_exception,
            Exception: on_bug,
        },
    )
    app.router.redirect_slashes = False
    return app


def lifespan(
    config: GatewayConfig, own: OwnTrail | None
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """Channels and keys live as long as the loop that uses them."""

    @asynccontextmanager
    async def living(app: Starlette) -> AsyncIterator[None]:
        services, store = Services(config), Store(config.database_url)
        feed = Feed(store, config.amqp_url, config.sealing_keys, config.feed_kept)
        trail = Recorder(own or SqlOwnTrail(store))
        await trail.permissions(permissions.digest())
        vault, reachable = Vault(config.sealing_keys), config.webhook_networks
        app.state.desk = Desk(store, vault, reachable)
        last_word = SqlLastWord(store)
        async with signing_in(config, services, last_word) as (provider, entrance), feed.running():
            app.state.provider = provider
            app.state.feed = feed
            app.state.door = Door(
                entrance=entrance,
                permissions=permissions.load(),
                signer=CallerSigner(config.caller_signing_key),
                services=services,
                budgets=budgets.load(config.budgets),
                trail=trail,
            )
            yield
        await services.close()
        await trail.close()
        await store.close()

    return living


def api_routes() -> list[Route]:
    """One route per address, so that a wrong method is told all the right ones."""
    by_path: dict[str, dict[str, Endpoint]] = {}
    for operation in OPERATIONS:
        by_path.setdefault(operation.path, {})[operation.method] = Endpoint(operation)
    return [
        Route(f"/v1{path}", Dispatch(endpoints), methods=list(endpoints))
        for path, endpoints in by_path.items()
    ]


class Dispatch:
    """One address; an application of its own, so that nothing wraps each request once more."""

    def __init__(self, endpoints: dict[str, Endpoint]) -> None:
        self._endpoints = endpoints

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = self._endpoints["GET" if scope["method"] == "HEAD" else scope["method"]]
        scope["operation"] = endpoint.operation.name
        response = await endpoint.answer(Request(scope, receive, send))
        await response(scope, receive, send)


async def on_problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    door: Door = request.app.state.door
    await door.trail.refused(problem, request)
    return answer(problem, request)


async def on_gone(request: Request, error: Exception) -> Response:
    """Nobody reads it, but it is counted."""
    detail = Sentence("The request was cut off", "请求中断")
    return answer(Problem(400, "request_cut_off", detail), request)


async def on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return answer(from_http(error), request)


async def on_bug(request: Request, error: Exception) -> Response:
    """The server logs it once; this runs outside the border, which therefore cannot help."""
    response = answer(of_ours(), request)
    secure(response.headers, request.scope)
    measure(request.scope, response.status_code, 0.0)
    return response
