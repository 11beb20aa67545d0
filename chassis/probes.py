"""/healthz, /readyz and /metrics for processes that run on threads."""

import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Check = Callable[[], bool]


class Probes:
    """Alive as long as it answers; ready when every check says so."""

    def __init__(self, address: tuple[str, int], checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self._stopping = threading.Event()
        self._server = ThreadingHTTPServer(address, self._handler())
        self._server.daemon_threads = True

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, name="probes", daemon=True).start()

    def not_ready(self) -> None:
        """Readiness goes down before anything else does."""
        self._stopping.set()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, content type and body."""
        if path == "/metrics":
            return 200, CONTENT_TYPE_LATEST, generate_latest()
        if path == "/healthz":
            return 200, "application/json", b'{"alive":true}'
        if path == "/readyz":
            return self._readiness()
        return 404, "application/json", b'{"error":"no such probe"}'

    def _readiness(self) -> tuple[int, str, bytes]:
        states = {name: check() for name, check in self._checks.items()}
        ready = all(states.values()) and not self._stopping.is_set()
        return 200 if ready else 503, "application/json", orjson.dumps(states)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        probes = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, kind, body = probes.answer(self.path)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Probes are asked every second: not worth a line."""

        return Handler
