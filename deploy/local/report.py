"""Supervisor's event listener: says what died, how, and the end of its log.

Each minute it cuts long logs and renews certificates.
"""

import shutil
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from deploy.local import certificates
from deploy.local.launch import log
from deploy.local.secrets import Secrets
from deploy.local.settings import Settings

LINES_SHOWN = 12
LONGEST_LOG = 50_000_000  # bytes
LOOKED_AT = 64_000  # bytes at the end of a log
HAPPENED = {
    "PROCESS_STATE_EXITED": "died and is started again",
    "PROCESS_STATE_BACKOFF": "died soon after its start; tried again, a little later each time",
    "PROCESS_STATE_FATAL": "could not be started at all",
}


def path(settings: Settings) -> Path:
    return settings.logs / "supervisor-report.log"


def listen(settings: Settings) -> None:
    """Until supervisord ends."""
    for kind, payload in events():
        if kind in HAPPENED:
            write(settings, kind, payload["processname"])
        else:
            cut_logs(settings)
            certificates.renew(settings, Secrets(settings.home / "secrets"))


def events() -> Iterator[tuple[str, dict[str, str]]]:
    """The event listener protocol of supervisor, over standard input and output."""
    while True:
        print("READY", flush=True)
        header = fields(sys.stdin.readline())
        if not header:
            return
        payload = sys.stdin.read(int(header["len"]))
        yield header["eventname"], fields(payload)
        print("RESULT 2\nOK", end="", flush=True)


def fields(line: str) -> dict[str, str]:
    return dict(pair.split(":", 1) for pair in line.split())


def write(settings: Settings, kind: str, program: str) -> None:
    at = datetime.now().astimezone()
    how = cause(settings, program)
    end = "".join(f"    {line}\n" for line in tail(log(settings, program)))
    with path(settings).open("a") as file:
        file.write(f"{at:%Y-%m-%d %H:%M:%S} {program} {HAPPENED[kind]}{how}\n{end}")


def cause(settings: Settings, program: str) -> str:
    """What supervisord said of it: by which signal, or with which exit code."""
    said = f" exited: {program} ("
    for line in reversed(tail(settings.logs / "supervisord.log", 50)):
        if said in line:
            return f" ({line.partition(said)[2].rstrip(')').partition(';')[0]})"
    return ""


def tail(file: Path, lines: int = LINES_SHOWN) -> list[str]:
    if not file.exists():
        return []
    with file.open("rb") as opened:
        opened.seek(max(0, file.stat().st_size - LOOKED_AT))
        return opened.read().decode(errors="replace").splitlines()[-lines:]


def cut_logs(settings: Settings) -> None:
    """Keep one earlier part of a long log. Its writer appends, so it goes on at the start."""
    for file in settings.logs.glob("*.log"):
        if file.stat().st_size > LONGEST_LOG:
            shutil.copyfile(file, file.with_suffix(".log.earlier"))
            with file.open("r+b") as opened:
                opened.truncate(0)
