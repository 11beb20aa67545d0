"""The OpenAPI document and a page to read it; nothing is fetched from elsewhere."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from gateway.document import DOCUMENT

PAGES = Path(__file__).with_name("pages")
ALLOWED = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"
)


def docs_routes() -> list[Route | Mount]:
    return [
        Route("/v1/openapi.json", show_document),
        Route("/docs", show_page),
        Mount("/docs/own", StaticFiles(directory=PAGES)),
        Mount("/docs/viewer", StaticFiles(directory=viewer())),
    ]


async def show_document(request: Request) -> Response:
    return Response(DOCUMENT.read_bytes(), media_type="application/json")


async def show_page(request: Request) -> Response:
    headers = {"Content-Security-Policy": ALLOWED}
    return HTMLResponse((PAGES / "docs.html").read_text(encoding="utf-8"), headers=headers)


@cache
def viewer() -> Path:
    """Swagger UI, as the package swagger-ui-py carries it (Apache-2.0)."""
    found = find_spec("swagger_ui")
    assert found is not None and found.origin is not None
    return Path(found.origin).with_name("static")
