"""Compile proto/ into contracts/, or with --check say whether contracts/ is out of date."""

import filecmp
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from proto.compiler import protoc, sources  # noqa: E402

CONTRACTS = ROOT / "contracts"


def compile_into(folder: Path) -> None:
    everything = sources()
    answers = [path for path in everything if path.name != "events.proto"]
    protoc(everything, f"--python_out={folder}", f"--mypy_out={folder}")
    protoc(answers, f"--grpc_python_out={folder}", f"--mypy_grpc_out={folder}")


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
