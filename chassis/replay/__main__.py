"""python -m chassis.replay start|follow|list|cancel SERVICE …: events of a log once more."""

import argparse
import json
import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from chassis.config import SHANGHAI, ConfigurationError, read
from chassis.database import engine
from chassis.errors import Refusal
from chassis.operations.operator import acting_as, operator
from chassis.outbox import conninfo
from chassis.publishing import BROKER_ERRORS
from chassis.replay.acts import cancelled, ordered
from chassis.replay.orders import Order, Replay, find, newest
from chassis.replay.replayer import Carrier

SHOWN = 50
WAIT_SECONDS = 0.2


@dataclass(frozen=True, kw_only=True)
class ReplayConfig:
    """Where the events of a service are logged, and the broker they go to."""

    database_url: str = field(repr=False)
    amqp_url: str = field(repr=False)


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """0 done, 1 not done, 2 not understood."""
    asked = arguments().parse_args(argv)
    try:
        config = read(ReplayConfig, asked.service, environ)
        with psycopg.connect(conninfo(config.database_url), autocommit=True) as session:
            return int(COMMANDS[asked.command](session, config, asked))
    except ConfigurationError as error:
        print(f"where is {asked.service}?\n{error}", file=sys.stderr)
        return 2
    except Refusal as refusal:
        print(f"{refusal.en}\n{refusal.zh}", file=sys.stderr)
        return 1
    except (psycopg.Error, SQLAlchemyError, *BROKER_ERRORS) as error:
        print(f"database or broker cannot be reached: {error}", file=sys.stderr)
        return 1


def start(session: Any, config: ReplayConfig, asked: argparse.Namespace) -> int:
    wanted = Order(
        queue=asked.queue,
        types=asked.type,
        subject=asked.subject,
        first=asked.first,
        last=asked.last,
        since=asked.since,
        until=asked.until,
        rate=asked.rate,
    )
    with writing(config) as bound:
        replay = ordered(bound, wanted, by=f"command line: {operator()}")
    print(f"{replay.replay_id}: positions {replay.first} to {replay.last} into {replay.queue}")
    if asked.detach:
        return 0
    return carried(session, config, asked.service, replay)


@contextmanager
def writing(config: ReplayConfig) -> Iterator[sa.Engine]:
    """In the name of the operator."""
    bound = engine(config.database_url, connections=1)
    try:
        with acting_as(operator()):
            yield bound
    finally:
        bound.dispose()


def follow(session: Any, config: ReplayConfig, asked: argparse.Namespace) -> int:
    return carried(session, config, asked.service, find(session, asked.replay_id))


def carried(session: Any, config: ReplayConfig, service: str, replay: Replay) -> int:
    """Lend a hand until it has ended: it goes on in the relay's process if this one is stopped."""
    with Carrier(service, config.database_url, config.amqp_url) as carrier:
        while replay.state == "running":
            if not carrier.send_some(only=replay.replay_id):
                threading.Event().wait(WAIT_SECONDS)
            replay = find(session, replay.replay_id)
            show_progress(replay)
    print(f"\n{replay.state}: {replay.sent} events sent {replay.problem}".rstrip())
    return 0 if replay.state == "done" else 1


def show_progress(replay: Replay) -> None:
    said = f"{replay.share:6.1%}  {replay.sent} sent  {replay.problem}"
    if sys.stdout.isatty():
        print(f"\r{said:<78}", end="", flush=True)


def show_all(session: Any, _: ReplayConfig, asked: argparse.Namespace) -> int:
    for replay in newest(session, SHOWN):
        print(json.dumps(vars(replay), default=str, ensure_ascii=False))
    return 0


def end(_: Any, config: ReplayConfig, asked: argparse.Namespace) -> int:
    with writing(config) as bound:
        replay = cancelled(bound, asked.replay_id)
    print(f"{replay.replay_id}: cancelled after {replay.sent} events")
    return 0


def moment(text: str) -> datetime:
    """ISO 8601; without an offset in the institution's zone."""
    read_moment = datetime.fromisoformat(text)
    return read_moment if read_moment.tzinfo else read_moment.replace(tzinfo=SHANGHAI)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m chassis.replay")
    commands = parser.add_subparsers(dest="command", required=True)
    new = _command(commands, "start", "order one, and carry it out")
    new.add_argument("--queue", required=True, help="an existing queue of the consumer's own")
    new.add_argument("--type", action="append", default=[], help="full name; may be repeated")
    new.add_argument("--subject", default="", help="of one aggregate alone")
    new.add_argument("--first", type=int, help="position in the log, included")
    new.add_argument("--last", type=int, help="position in the log, included")
    new.add_argument("--since", type=moment, help="published then or later, ISO 8601")
    new.add_argument("--until", type=moment, help="published then or before, ISO 8601")
    new.add_argument("--rate", type=int, default=0, help="events a second at most")
    new.add_argument("--detach", action="store_true", help="leave it to the relay's process")
    one = _command(commands, "follow", "lend a hand to one until it has ended")
    one.add_argument("replay_id")
    _command(commands, "list", f"the newest {SHOWN}, a line of JSON each")
    gone = _command(commands, "cancel", "end one; what was sent stays sent")
    gone.add_argument("replay_id")
    return parser


def _command(commands: Any, name: str, help_text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=help_text)
    command.add_argument("service", help="whose events: customer, product, … or gateway")
    return command


COMMANDS = {"start": start, "follow": follow, "list": show_all, "cancel": end}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
