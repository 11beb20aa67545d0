"""Answer JSON line by line, as offline commands do, with the standard library only."""

import codecs
import json
import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, BinaryIO, TextIO

from chassis.errors import Invalid

Document = dict[str, Any]

LONGEST_LINE = 1_000_000  # bytes
NOBODY_LISTENS, INTERRUPTED = 141, 130  # exit codes, as a shell knows them


def broken_json(en: str, zh: str) -> Invalid:
    return Invalid("broken_json", en, zh)


def explained(error: Invalid) -> Document:
    return {"code": error.code, "field": error.field, "zh": error.zh, "en": error.en}


def answer_lines(
    lines: BinaryIO,
    out: TextIO,
    answer: Callable[[object], Document],
    *,
    explain: Callable[[Invalid], Document] = explained,
    number: Callable[[str], object] = float,
) -> int:
    """One answer per line that is not blank, at once; 1 when one of them could not be read.

    *number* reads what has a fraction. Quiet when nobody listens any more, or on Ctrl-C.
    """
    failed = False
    try:
        for place, line in numbered(lines):
            said = _answered(place, line, answer, explain, number)
            failed |= "error" in said
            out.write(json.dumps(said, ensure_ascii=False) + "\n")
            out.flush()  # who reads a pipe need not wait for the end
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        return NOBODY_LISTENS
    except KeyboardInterrupt:
        return INTERRUPTED
    return int(failed)


def _answered(
    place: int,
    line: bytes,
    answer: Callable[[object], Document],
    explain: Callable[[Invalid], Document],
    number: Callable[[str], object],
) -> Document:
    label: Document = {}
    try:
        document = parsed(line, number)
        label = labelled(document)
        return label | answer(document)
    except Invalid as error:
        return {**label, "line": place, "error": explain(error)}


def numbered(lines: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Lines that are not blank, with their number; the rest of an overlong line is dropped."""
    place = 0
    while line := lines.readline(LONGEST_LINE + 1):
        place += 1
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
            rest = lines.readline(LONGEST_LINE + 1)
        if line.removeprefix(codecs.BOM_UTF8).strip():
            yield place, line


def parsed(line: bytes, number: Callable[[str], object] = float) -> object:
    if len(line) > LONGEST_LINE:
        raise broken_json(f"longer than {LONGEST_LINE} bytes", f"超过 {LONGEST_LINE} 字节")
    try:
        return _decoder(number).decode(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise broken_json("not UTF-8 text", "不是 UTF-8 文本") from None
    except RecursionError:
        raise broken_json("nested too deeply", "嵌套过深") from None
    except ValueError as error:
        raise broken_json(f"not JSON: {error}", f"不是有效的 JSON：{error}") from None


@lru_cache
def _decoder(number: Callable[[str], object]) -> json.JSONDecoder:
    return json.JSONDecoder(
        parse_float=number, parse_constant=refuse_constant, object_pairs_hook=named_once
    )


def named_once(pairs: list[tuple[str, object]]) -> Document:
    """Readers disagree on which of two values counts, so neither does."""
    document = dict(pairs)
    if len(document) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise broken_json(
            f"an object has the name {twice[:60]!r} twice",
            f"同一对象中名称 {twice[:60]!r} 出现两次",
        )
    return document


def refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not a JSON value")


def labelled(document: object) -> Document:
    """The line's own id, given back so that answers can be told apart."""
    if isinstance(document, dict) and isinstance(document.get("id"), str | int):
        return {"id": document["id"]}
    return {}
