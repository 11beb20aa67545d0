"""JSON log lines on standard output, with the trace they belong to."""

import logging
import os
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

import orjson

from chassis.discretion import discreet_traceback

# W3C traceparent of what is being worked on, or empty.
trace: ContextVar[str] = ContextVar("trace", default="")
# The id of the request behind it, as its caller knows it, or empty.
request_id: ContextVar[str] = ContextVar("request_id", default="")

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def new_trace() -> str:
    return f"00-{os.urandom(16).hex()}-{os.urandom(8).hex()}-01"


def trace_id() -> str:
    return trace.get().split("-")[1] if trace.get().count("-") == 3 else ""


class JsonFormatter(logging.Formatter):
    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
            "message": record.getMessage(),
            "trace_id": trace_id(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in STANDARD}
        if record.exc_info:
            line["error"] = discreet_traceback(self.formatException(record.exc_info))
        return orjson.dumps(line, default=str).decode()


def configure(process: str, level: str = "INFO") -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter(process))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    _find_out_only_what_is_written()
    for chatty in ("amqp", "kombu", "nameko", "alembic", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _find_out_only_what_is_written() -> None:
    """Neither thread nor process nor line ("Optimization" in Python's logging howto)."""
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None
