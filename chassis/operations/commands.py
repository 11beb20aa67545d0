"""python -m services.<name> dead-letters list | show | replay | discard."""

import argparse
import json
import sys
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError

from chassis.database import engine
from chassis.dead_letters import DeadLetter, text_of
from chassis.errors import Refusal
from chassis.failures import described
from chassis.operations.desk import NOT_THERE, Desk
from chassis.operations.operator import acting_as, operator
from chassis.publishing import BROKER_ERRORS


def run(argv: Sequence[str], service: str, amqp_url: str, database_url: str) -> int:
    """0 done, 1 no such letter, no broker or no database, 2 misused."""
    arguments = _arguments(service)
    asked = arguments.parse_args(argv)
    if asked.command == "replay" and bool(asked.event_id) == asked.all:
        arguments.error("replay takes event ids, or --all")
    bound = engine(database_url, connections=1)
    try:
        with acting_as(operator()):
            return _done(Desk(service, amqp_url, bound), asked)
    except Refusal as refusal:
        print(f"{refusal.en}\n{refusal.zh}")
    except SQLAlchemyError as error:
        print(f"the database cannot be reached: {described(error)}")
    except BROKER_ERRORS as error:
        print(f"the broker cannot be reached: {error}")
    finally:
        bound.dispose()
    return 1


def _done(desk: Desk, asked: argparse.Namespace) -> int:
    if asked.command == "list":
        return _listed(desk)
    if asked.command == "show":
        return _shown(desk, asked.event_id)
    if asked.command == "replay":
        return _settled(desk.replay(asked.event_id))
    return _settled(desk.discard(asked.event_id, asked.reason))


def _listed(desk: Desk) -> int:
    for letter in desk.page().letters:
        print(
            letter.event_id,
            letter.event_type,
            letter.subject or "-",
            letter.reason,
            f"attempt {letter.attempt}",
            letter.last_error or "-",
            sep="\t",
        )
    return 0


def _shown(desk: Desk, event_id: str) -> int:
    message = desk.show(event_id)
    told = {**vars(DeadLetter.of(message)), "headers": message.headers or {}}
    print(json.dumps(told, indent=2, ensure_ascii=False, default=str))
    print(text_of(message.body))
    return 0


def _settled(outcomes: dict[str, str]) -> int:
    for event_id, outcome in outcomes.items():
        stream = sys.stderr if outcome == NOT_THERE else sys.stdout
        print(f"{outcome}\t{event_id}", file=stream)
    if any(outcome != NOT_THERE for outcome in outcomes.values()):
        return 0
    print(f"no dead letter {' '.join(outcomes)}".strip())
    return 1


def _arguments(service: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(f"python -m services.{service} dead-letters")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="one line each")
    commands.add_parser("show", help="one, with its headers and body").add_argument("event_id")
    again = commands.add_parser("replay", help="put back into the inbox")
    again.add_argument("event_id", nargs="*")
    again.add_argument("--all", action="store_true", help="all there are now")
    gone = commands.add_parser("discard", help="let go, and say why")
    gone.add_argument("event_id", nargs="+")
    gone.add_argument("--reason", required=True, help="a code, or a ticket such as ticket:4711")
    return parser
