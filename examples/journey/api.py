"""The public REST API, as the people of the example institution use it."""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import httpx

Json = dict[str, Any]
T = TypeVar("T")

PATIENCE = 240.0  # seconds: a book of 2,000 clients may be ahead in every inbox


class Unexpected(Exception):
    """The stack answered otherwise than the journey needs."""


class Person:
    """A signed-in member of staff, or a system."""

    def __init__(self, client: httpx.Client, staff_id: str, sign_in: Callable[[str], str]) -> None:
        self._client = client
        self._sign_in = sign_in
        self.staff_id = staff_id

    def get(self, path: str, **query: str | int) -> Json:
        return self._done("GET", path, params=query)

    def find(self, path: str) -> Json | None:
        """None while there is no such thing, or events have not yet told who may see it."""
        response = self._ask("GET", path)
        return None if response.status_code == 404 else self._read(response)

    def items(self, path: str, **query: str | int) -> list[Json]:
        """Every item of a list, page after page."""
        answer = self.get(path, limit=200, **query)
        items: list[Json] = answer["items"]
        while answer.get("next"):
            answer = self.get(path, limit=200, cursor=answer["next"], **query)
            items += answer["items"]
        return items

    def post(self, path: str, body: Json | None = None) -> Json:
        return self._done("POST", path, json=body)

    def post_once_known(self, path: str, body: Json) -> Json:
        """Post as soon as what it speaks of has arrived there through events."""

        def posted() -> Json | None:
            response = self._ask("POST", path, json=body)
            return None if not_known_yet(response) else self._read(response)

        return until(f"POST {path} knowing of its subject", posted)

    def put(self, path: str, body: Json) -> Json:
        return self._done("PUT", path, json=body)

    def upload(self, path: str, name: str, content: bytes, kind: str) -> Json:
        return self._done("POST", path, files={"file": (name, content, kind)})

    def refused(self, path: str, body: Json | None = None) -> Json:
        """Ask for what must be refused; answer the problem."""
        response = self._ask("POST", path, json=body)
        if not 400 <= response.status_code < 500:
            raise Unexpected(f"POST {path} was not refused: {response.status_code}")
        problem: Json = response.json()
        return problem

    def _done(self, method: str, path: str, **rest: Any) -> Json:
        return self._read(self._ask(method, path, **rest))

    @staticmethod
    def _read(response: httpx.Response) -> Json:
        if response.is_error:
            asked = f"{response.request.method} {response.request.url.path}"
            raise Unexpected(f"{asked}: {response.status_code} {response.text[:600]}")
        answer: Json = response.json() if response.content else {}
        return answer

    def _ask(self, method: str, path: str, **rest: Any) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {self._sign_in(self.staff_id)}",
            "Accept-Language": "en",
        }
        return patiently(lambda: self._client.request(method, path, headers=headers, **rest))


def not_known_yet(response: httpx.Response) -> bool:
    return response.status_code == 404 or (
        response.status_code == 422 and response.json()["code"] == "not_a_customer"
    )


def patiently(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """Ask again while a service is away or slow to hear of something, for a bounded time."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            response = ask()
            if response.status_code not in (502, 503, 504):
                return response
            failure = f"{response.status_code} {response.text[:200]}"
        except httpx.TransportError as error:
            failure = type(error).__name__
        if time.monotonic() > deadline:
            raise Unexpected(f"no answer within {PATIENCE:.0f} s: {failure}")
        threading.Event().wait(0.5)


def until(what: str, check: Callable[[], T | None], seconds: float = PATIENCE) -> T:
    """Poll until *check* answers something true; events take a moment to arrive."""
    deadline = time.monotonic() + seconds
    while not (answer := check()):
        if time.monotonic() > deadline:
            raise Unexpected(f"{what} did not happen within {seconds:.0f} s")
        threading.Event().wait(0.1)
    return answer
