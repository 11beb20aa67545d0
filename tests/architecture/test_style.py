"""What readers of any module may rely on."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT, WRITTEN, modules, parsed

SAYS_NOTHING = {"base", "common", "helper", "helpers", "manager", "misc", "util", "utils"}
EVERYTHING = (*WRITTEN, "tests")
LOOKS_AT_THE_CLOCK = {"datetime.now", "datetime.utcnow", "date.today", "time.time", "system_clock"}
LONGEST_MODULE = 300  # lines
LONGEST_FUNCTION = 50  # lines


def test_no_module_or_folder_has_a_name_that_says_nothing() -> None:
    vague = [module for module in modules(*EVERYTHING) if SAYS_NOTHING & names(module)]

    assert vague == []


def names(module: Path) -> set[str]:
    return {*module.parts[:-1], module.stem}


def test_every_module_says_what_it_is_for() -> None:
    silent = [module for module in modules(*WRITTEN) if not ast.get_docstring(parsed(module))]

    assert silent == []


def test_only_the_chassis_catches_whatever_comes() -> None:
    greedy = [
        f"{module}:{handler.lineno}"
        for module in modules(*EVERYTHING)
        if module.parts[0] != "chassis"
        for handler in ast.walk(parsed(module))
        if isinstance(handler, ast.ExceptHandler) and catches_everything(handler)
    ]

    assert greedy == []


def catches_everything(handler: ast.ExceptHandler) -> bool:
    caught = ast.unparse(handler.type) if handler.type else "BaseException"
    return bool({"Exception", "BaseException"} & set(caught.strip("()").split(", ")))


def test_nothing_is_left_for_later() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X")

    left = [
        module
        for module in modules(*EVERYTHING)
        if any(mark in (ROOT / module).read_text() for mark in marks)
    ]

    assert left == []


def test_nobody_sleeps_where_they_should_wait() -> None:
    asleep = [
        f"{module}:{call.lineno}"
        for module in modules(*EVERYTHING)
        for call in ast.walk(parsed(module))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "time.sleep"
    ]

    assert asleep == []


def test_modules_and_functions_stay_short() -> None:
    long = [
        str(module)
        for module in modules(*WRITTEN)
        if len((ROOT / module).read_text().splitlines()) > LONGEST_MODULE
    ]
    long += [
        f"{module}:{function.name}"
        for module in modules(*WRITTEN)
        if "migrations" not in module.parts
        for function in functions(module)
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    ]

    assert long == []


def functions(module: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_services_are_told_the_time() -> None:
    asking = [
        f"{module}:{call.lineno}"
        for module in modules("services")
        for call in ast.walk(parsed(module))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in LOOKS_AT_THE_CLOCK
    ]

    assert asking == []
