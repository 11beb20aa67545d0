"""The logs of all processes on one screen."""

import sys
from pathlib import Path
from threading import Event

from deploy.local import report
from deploy.local.say import say
from deploy.local.settings import Settings

LOOK_EVERY = 0.5  # seconds
LINES_SHOWN = 10


def show(settings: Settings) -> None:
    """The end of every log, the supervisor's report last; on a terminal, what comes then."""
    files = sorted(settings.logs.glob("*.log"), key=lambda file: file == report.path(settings))
    if not files:
        say(f"There are no logs in {settings.logs}")
    for file in files:
        say(f"\n{file}")
        for line in report.tail(file, LINES_SHOWN):
            say(f"  {line}")
    if files and sys.stdout.isatty():
        follow(files)


def follow(files: list[Path]) -> None:
    """Print new lines, with the name of their log if there are several, until interrupted."""
    named = len(files) > 1
    read = {file: _size(file) for file in files}
    while not Event().wait(LOOK_EVERY):
        for file in files:
            read[file] = _print_new(file, read[file], f"{file.stem:<18} " if named else "")


def _print_new(file: Path, read: int, name: str) -> int:
    """How much of the file is read now. One that became shorter was cut: it begins again."""
    size = _size(file)
    if size == read:
        return read
    start = read if size > read else 0
    with file.open("rb") as opened:
        opened.seek(start)
        new = opened.read()
    for line in new.decode(errors="replace").splitlines():
        say(f"{name}{line}")
    return start + len(new)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
