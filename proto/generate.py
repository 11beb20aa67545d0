"""Compile proto/ into contracts/, or with --check say whether contracts/ is out of date."""

import filecmp
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

PROTO = Path(__file__).resolve().parent
CONTRACTS = PROTO.parent / "contracts"


def compile_into(folder: Path) -> None:
    everything = sorted(PROTO.rglob("*.proto"))
    answers = [path for path in everything if path.name != "events.proto"]
    protoc(everything, "--python_out", "--mypy_out", folder=folder)
    protoc(answers, "--grpc_python_out", "--mypy_grpc_out", folder=folder)


def protoc(sources: Iterable[Path], *outputs: str, folder: Path) -> None:
    subprocess.run(  # noqa: S603
        [
            sys.executable,
            "-m",
            "grpc_tools.protoc",
            f"-I{PROTO}",
            *(f"{output}={folder}" for output in outputs),
            *map(str, sources),
        ],
        check=True,
        stderr=subprocess.DEVNULL,
        env={"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"},
    )


def generated(folder: Path) -> set[Path]:
    return {
        path.relative_to(folder) for path in folder.rglob("*_pb2*.py*") if path.suffix != ".pyc"
    }


def drift(fresh: Path) -> list[Path]:
    """Files under contracts/ that differ from a fresh compilation."""
    names = generated(fresh) | generated(CONTRACTS)
    return sorted(
        name
        for name in names
        if not (fresh / name).exists()
        or not (CONTRACTS / name).exists()
        or not filecmp.cmp(fresh / name, CONTRACTS / name, shallow=False)
    )


def main(check: bool) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch)
        compile_into(fresh)
        changed = drift(fresh)
        if check:
            for name in changed:
                sys.stderr.write(f"contracts/{name} is out of date: run make proto\n")
            return 1 if changed else 0
        for name in generated(CONTRACTS) - generated(fresh):
            (CONTRACTS / name).unlink()
        shutil.copytree(fresh / "liheng", CONTRACTS / "liheng", dirs_exist_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
