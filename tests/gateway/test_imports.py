"""A client book on its way to the customer service."""

import pytest

from chassis.errors import Invalid
from gateway.routes.imports import FORM, LARGEST_BOOK, XLSX
from liheng.customer.v1.customer_pb2 import StartImportResponse
from tests.gateway.conformity import assert_conforms
from tests.gateway.conftest import Ask
from tests.gateway.fakes import Answers, Call

BOOK = bytes(range(256)) * 4096  # a mebibyte


def sent(call: Call) -> tuple[str, bytes]:
    """The name and the bytes that reached the service."""
    first, *rest = call.messages
    return first.file_name, b"".join(message.chunk for message in rest)


@pytest.fixture(autouse=True)
def accepting(answers: Answers) -> None:
    answers.given["StartImport"] = StartImportResponse(import_id="i-1")


def test_a_book_in_a_form_is_streamed_to_the_service(ask: Ask, answers: Answers) -> None:
    answer = ask("POST", "/imports", "operations", files={"file": ("客户.xlsx", BOOK, XLSX)})

    assert (answer.status_code, answer.json()) == (202, {"import_id": "i-1"})
    assert answer.headers["location"] == "/v1/imports/i-1"
    assert sent(answers.last) == ("客户.xlsx", BOOK)
    assert_conforms("start_import", answer)


def test_a_book_may_be_the_whole_body(ask: Ask, answers: Answers) -> None:
    answer = ask(
        "POST",
        "/imports",
        "operations",
        content=BOOK,
        params={"file_name": "book.xlsx"},
        headers={"Content-Type": XLSX},
    )

    assert answer.status_code == 202
    assert sent(answers.last) == ("book.xlsx", BOOK)


def test_what_the_service_refuses_is_told(ask: Ask, answers: Answers) -> None:
    answers.given["StartImport"] = Invalid("not_a_book", "Not a client book", "不是客户台账")

    answer = ask("POST", "/imports", "operations", content=BOOK, headers={"Content-Type": XLSX})

    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_book")


def test_a_form_without_a_file_is_refused(ask: Ask, answers: Answers) -> None:
    answer = ask("POST", "/imports", "operations", files={"other": ("x", b"", XLSX)})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "file"
    assert answers.calls == []


@pytest.mark.parametrize(
    ("kind", "content"),
    [(FORM, b"x"), (f"{FORM}; boundary=b", b"nonsense"), (f"{FORM}; boundary=b", b"--b\r\n\r\n")],
)
def test_a_broken_form_cannot_be_read(kind: str, content: bytes, ask: Ask) -> None:
    answer = ask("POST", "/imports", "operations", content=content, headers={"Content-Type": kind})

    assert answer.status_code in (400, 422)


def test_another_kind_of_file_is_not_taken(ask: Ask) -> None:
    answer = ask(
        "POST", "/imports", "operations", content=b"a,b", headers={"Content-Type": "text/csv"}
    )

    assert answer.status_code == 415


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "chunked"])
def test_a_book_has_a_largest_size(announced: bool, ask: Ask, answers: Answers) -> None:
    pieces = (BOOK for _ in range(LARGEST_BOOK // len(BOOK) + 1))
    content = b"".join(pieces) if announced else pieces

    answer = ask("POST", "/imports", "operations", content=content, headers={"Content-Type": XLSX})

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
