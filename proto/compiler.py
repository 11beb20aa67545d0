"""protoc, as a package brings it along."""

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorSet

PROTO = Path(__file__).resolve().parent


def sources(folder: Path = PROTO) -> list[Path]:
    return sorted(folder.rglob("*.proto"))


def protoc(files: Iterable[Path], *options: str, folder: Path = PROTO) -> None:
    """Raise CalledProcessError when a file cannot be compiled."""
    subprocess.run(  # noqa: S603
        [sys.executable, "-m", "grpc_tools.protoc", f"-I{folder}", *options, *map(str, files)],
        check=True,
        stderr=subprocess.DEVNULL,
        env={"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"},
    )


def described(folder: Path = PROTO) -> FileDescriptorSet:
    """All files of *folder*, with their comments."""
    with tempfile.NamedTemporaryFile() as scratch:
        options = (f"--descriptor_set_out={scratch.name}", "--include_source_info")
        protoc(sources(folder), *options, folder=folder)
        return FileDescriptorSet.FromString(Path(scratch.name).read_bytes())
