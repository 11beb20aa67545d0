"""decide, fed with lines that mean harm, in other zones, locales and with other hashes."""

import json
import subprocess
import sys

import pytest

from tests.suitability.cases import decided, sale_of

SALE = json.dumps(sale_of("bank_wealth"), ensure_ascii=False)


def changed(path: str, value: object) -> str:
    return json.dumps(sale_of("bank_wealth", {path: value}), ensure_ascii=False)


HOSTILE = [
    b"\x00" + SALE.encode(),
    SALE.replace('"person"', '"per\x00son"').encode(),
    b"\xff\xfe" + SALE.encode(),
    SALE.replace("{", '{"at": "x", ', 1).encode(),
    SALE.replace('"amount": "', '"amount": 1e400, "was": "', 1).encode(),
    b"[" * 200_000,
    b'{"a":' * 900 + b"1" + b"}" * 900,
    changed("customer.born_on", "2026-02-30").encode(),
    changed("at", "9999-12-31T23:59:59-12:00").encode(),
    changed("customer.assessed_on", ["2026-01-01"] * 1001).encode(),
    b'{"id":' + b"9" * 5000 + b"}",
    SALE.encode() + b" " * 100_000_000,
]
ELSEWHERE = [
    {"TZ": "America/New_York", "PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8"},
    {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "77", "LC_ALL": "C"},
]


@pytest.mark.parametrize("environment", ELSEWHERE, ids=lambda it: it["TZ"])
def test_hostile_lines_are_explained_and_those_between_decided_alike_everywhere(
    environment: dict[str, str],
) -> None:
    good = [SALE.encode() + b"\r", b"\xef\xbb\xbf" + SALE.encode(), b"", b" \t"]
    lines = [line for hostile in HOSTILE for line in (hostile, *good)]

    ran = subprocess.run(
        [sys.executable, "-m", "services.suitability", "decide"],
        input=b"\n".join([*lines, SALE.encode()]),
        env=environment,
        capture_output=True,
        check=False,
    )

    answers = [json.loads(line) for line in ran.stdout.decode().splitlines()]
    digests = [each["digests"]["decision"] for each in answers if "digests" in each]
    errors = [each for each in answers if "error" in each]
    assert (ran.returncode, ran.stderr) == (1, b"")
    assert [each["line"] for each in errors] == [5 * n + 1 for n in range(len(HOSTILE))]
    assert all(each["error"]["zh"] and each["error"]["en"] for each in errors)
    assert digests == [decided(json.loads(SALE))["digests"]["decision"]] * len(digests)
    assert len(digests) == 2 * len(HOSTILE) + 1
