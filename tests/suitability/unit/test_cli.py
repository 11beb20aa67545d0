"""decide and verify, as an operator runs them."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from services.suitability.adapters.packs import released_packs
from services.suitability.entrypoints.cli import DecideLines, VerifyReceipt
from tests.suitability.cases import ZONE, sale_of

PUBLISHED = Path("tests/suitability/cases/published.jsonl")
SALE = json.dumps(sale_of("bank_wealth"), ensure_ascii=False)


def run(text: str | bytes) -> tuple[int, list[dict[str, Any]]]:
    out = io.StringIO()
    lines = io.BytesIO(text if isinstance(text, bytes) else text.encode())
    code = DecideLines(released_packs, ZONE).run(lines, out)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def changed(path: str, value: object) -> str:
    return json.dumps(sale_of("bank_wealth", {path: value}), ensure_ascii=False)


def verify(path: Path) -> int:
    return VerifyReceipt(released_packs)([str(path)])


def test_a_name_that_nothing_reads_is_pointed_out() -> None:
    line = changed("request.nomineee", True)

    code, (answer,) = run(line)

    assert code == 0
    (warning,) = answer["warnings"]
    assert warning["field"] == "request.nomineee"
    assert "nominee?" in warning["en"]
    assert "nominee？" in warning["zh"]


def test_what_a_line_says_beside_the_facts_is_no_surprise() -> None:
    line = json.dumps(json.loads(SALE) | {"id": "1", "why": "a case", "expect": {}})

    _, (answer,) = run(line)

    assert "warnings" not in answer


def test_a_warning_does_not_spoil_the_proof(tmp_path: Path) -> None:
    _, (answer,) = run(changed("customer.nickname", "Bo"))
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(answer))

    assert verify(path) == 0


@pytest.mark.parametrize(
    ("line", "zh"),
    [('{"at": 1, "at": 2}', "同一对象中名称 'at' 出现两次"), ("[1", "不是有效的 JSON")],
)
def test_a_broken_line_is_explained_in_chinese(line: str, zh: str) -> None:
    _, (answer,) = run(line)

    assert zh in answer["error"]["zh"]


def test_a_line_with_nothing_but_a_byte_order_mark_is_blank() -> None:
    assert run(b"\xef\xbb\xbf\n" + SALE.encode())[0] == 0


def test_an_answer_is_heard_before_the_next_line_is_asked() -> None:
    with decider() as process:
        process.stdin.write(SALE.encode() + b"\n")
        process.stdin.flush()

        assert json.loads(process.stdout.readline())["outcome"] == "ALLOW"


def test_nobody_who_listens_is_no_reason_for_a_stack_trace() -> None:
    with decider() as process:
        process.stdout.close()
        process.stdin.write((SALE + "\n").encode() * 3)
        process.stdin.close()

        assert process.wait(20) == 141
        assert process.stderr.read() == b""


@contextmanager
def decider() -> Iterator[Any]:
    command = [sys.executable, "-m", "services.suitability", "decide"]
    pipes = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipes, stdout=pipes, stderr=pipes) as process:
        yield process
        process.kill()


def test_every_line_gets_its_decision() -> None:
    code, answers = run(PUBLISHED.read_text())

    assert code == 0
    assert [answer["id"] for answer in answers][:2] == ["nfra-mismatch-insists", "nfra-match"]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("{", ""),
        ("[]", "input"),
        ('{"at": NaN}', ""),
        ("[" * 100_000, ""),
        ("{}", "at"),
        (changed("at", "absent"), "at"),
        (changed("at", "2026-11-01T10:00:00"), "at"),
        (changed("at", 5), "at"),
        (changed("customer.kind", "robot"), "customer.kind"),
        (changed("product.kind", "lottery"), "product.kind"),
        (changed("seller.licence", "casino"), "seller.licence"),
        (changed("request.amount", "-1"), "request.amount"),
        (changed("request.amount", "0"), "request.amount"),
        (changed("request.amount", 100000), "request.amount"),
        (changed("request.amount", "1e5"), "request.amount"),
        (changed("request.amount", "NaN"), "request.amount"),
        (changed("customer.financial_assets", "-0.01"), "customer.financial_assets"),
        (changed("customer.born_on", "1980-02-30"), "customer.born_on"),
        (changed("customer.born_on", 1980), "customer.born_on"),
        (changed("customer.assessed_on", ["9999-12-31"]), "customer.assessed_on"),
        (changed("customer.risk_level", "C6"), "customer.risk_level"),
        (changed("customer.assessed_on", "2026-06-01"), "customer.assessed_on"),
        (changed("customer.investing_years", "three"), "customer.investing_years"),
        (changed("customer.investing_years", 200.5), "customer.investing_years"),
        (changed("customer.lowest_category", "no"), "customer.lowest_category"),
        (changed("product.issuer_level", "C3"), "product.issuer_level"),
        (changed("request.steps", ["sign"]), "request.steps"),
        (changed("product.insurance", "life"), "product.insurance"),
        (changed("at", "2026-01-31T23:59:59+08:00"), "at"),
    ],
)
def test_a_line_that_cannot_be_read_is_explained_and_the_others_are_decided(
    line: str, field: str
) -> None:
    code, answers = run(f"{SALE}\n{line}\n\n{SALE}\n")

    assert code == 1
    assert [("error" in answer) for answer in answers] == [False, True, False]
    assert answers[1]["line"] == 2
    assert answers[1]["error"]["field"] == field
    assert answers[1]["error"]["zh"]
    assert answers[1]["error"]["en"]


def test_all_that_is_wrong_with_a_line_is_said_at_once() -> None:
    sale = sale_of("bank_wealth", {"request.amount": "-1", "customer.kind": "robot"})

    _, (answer,) = run(json.dumps(sale))

    fields = [problem["field"] for problem in answer["error"]["problems"]]
    assert fields == ["customer.kind", "request.amount"]


def test_a_line_that_is_not_text_or_far_too_long_is_explained() -> None:
    code, answers = run(b"\xff\xfe\n" + b'"' + b"x" * 2_000_000 + b'"\n' + SALE.encode())

    assert code == 1
    assert [answer.get("line") for answer in answers] == [1, 2, None]


def test_the_same_line_has_the_same_digests_in_another_process() -> None:
    command = [sys.executable, "-m", "services.suitability", "decide"]
    one, two = (
        subprocess.run(
            command,
            input=SALE.encode(),
            env={"PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    )

    assert one == two


def test_a_locale_that_does_not_know_chinese_and_half_a_character_stop_nothing() -> None:
    line = SALE.replace("{", '{"id": "\\ud800", ', 1)

    answered = subprocess.run(
        [sys.executable, "-m", "services.suitability", "decide"],
        input=f"{line}\n{SALE}\n".encode(),
        env={"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        capture_output=True,
        check=True,
    ).stdout.decode()

    odd, plain = map(json.loads, answered.splitlines())
    assert odd.pop("id") == "\ud800"
    assert odd == plain


def test_years_may_have_a_fraction() -> None:
    _, (whole, fraction) = run(
        "\n".join(changed("customer.investing_years", years) for years in (2.0, 2.5))
    )

    assert whole["input"]["customer"]["investing_years"] == 2
    assert fraction["input"]["customer"]["investing_years"] == 2.5


def test_the_offline_commands_need_nothing_that_is_installed() -> None:
    code = "import sys; sys.path = [p for p in sys.path if 'site-packages' not in p]"
    script = f"{code}; from services.suitability.bootstrap import decide; sys.exit(decide([]))"

    run = subprocess.run(
        [sys.executable, "-S", "-c", script], input=SALE.encode(), capture_output=True, check=True
    )

    assert json.loads(run.stdout)["outcome"] == "ALLOW"


def test_a_receipt_is_derived_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(run(SALE)[1][0]))

    assert verify(path) == 0
    assert json.loads(capsys.readouterr().out)["identical"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("outcome", "BLOCK"),
        ("digests.facts", "0" * 64),
        ("input.request.amount", "1"),
        ("obligations.recording.video", 1),
        ("input.request.note", None),
        ("remark", "approved"),
    ],
)
def test_a_receipt_that_was_changed_is_found_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str, value: object
) -> None:
    receipt = run(SALE)[1][0]
    *parents, last = path.split(".")
    section = receipt
    for parent in parents:
        section = section[parent]
    section[last] = value
    (tmp_path / "receipt.json").write_text(json.dumps(receipt))

    assert verify(tmp_path / "receipt.json") == 1
    assert json.loads(capsys.readouterr().out)["differences"]


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "nonsense",
        '{"input": {}, "rule_pack": "cn-1999"}',
        '{"input": {}, "rule_pack": "cn-2026-02"}',
    ],
)
def test_what_is_not_a_receipt_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (tmp_path / "receipt.json").write_text(text)

    assert verify(tmp_path / "receipt.json") == 2
    assert capsys.readouterr().err
