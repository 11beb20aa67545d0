"""The processes of this stack, however they were orphaned, and no process of any other."""

import hashlib
import os
import select
import signal
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

VARIABLE = "LIHENG_STACK"  # every process of the stack inherits it


@dataclass(frozen=True)
class Process:
    pid: int
    executable: str  # as the kernel names it
    program: str  # the supervisor's name for it; empty for the supervisor itself
    group: str


def mark(home: Path) -> str:
    """Names the stack that lives in *home*."""
    return f"liheng-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"


def find(home: Path) -> list[Process]:
    found = (_process(pid, mark(home)) for pid in _pids() if pid != os.getpid())
    return [process for process in found if process is not None]


def _pids() -> Iterator[int]:
    return (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())


def _process(pid: int, wanted: str) -> Process | None:
    """None when it is not of the stack, or gone."""
    try:
        executable = Path(f"/proc/{pid}/comm").read_text().strip()
        if executable == "postgres":
            return _postgres(pid, executable, wanted)
        environ = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
    except (OSError, ProcessLookupError):
        return None
    variables = dict(entry.partition("=")[::2] for entry in environ.split("\0"))
    if variables.get(VARIABLE) != wanted:
        return None
    program = variables.get("SUPERVISOR_PROCESS_NAME", "")
    return Process(pid, executable, program, variables.get("SUPERVISOR_GROUP_NAME", ""))


def _postgres(pid: int, executable: str, wanted: str) -> Process | None:
    """PostgreSQL overwrites its environment, but shows its cluster's name to everyone."""
    shown = Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    if f"cluster_name={wanted}" in shown or shown.startswith(f"postgres: {wanted}:"):
        return Process(pid, executable, "postgres", "servers")
    return None


def end(processes: Iterable[Process], patience: float) -> None:
    """Ask them to stop; kill those that have not after *patience* seconds."""
    handles = dict(_handles(processes))
    for handle, process in handles.items():
        _send(handle, signal.SIGINT if process.executable == "postgres" else signal.SIGTERM)
    left = wait(handles, patience)
    for handle in left:
        _send(handle, signal.SIGKILL)
    wait(left, patience)
    for handle in handles:
        os.close(handle)


def _handles(processes: Iterable[Process]) -> Iterator[tuple[int, Process]]:
    """A handle stays with its process: a number may be given to another one."""
    for process in processes:
        with suppress(ProcessLookupError):
            yield os.pidfd_open(process.pid), process


def _send(handle: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(handle, number)


def wait(handles: Iterable[int], patience: float) -> list[int]:
    """Those that still run after *patience* seconds."""
    left, until = set(handles), monotonic() + patience
    poll = select.poll()
    for handle in left:
        poll.register(handle, select.POLLIN)
    while left and (remaining := until - monotonic()) > 0:
        for handle, _ in poll.poll(remaining * 1000):
            poll.unregister(handle)
            left.discard(handle)
    return list(left)
