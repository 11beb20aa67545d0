"""`keys`: the keys of personal data, changed while the service is running."""

import argparse
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.customer.adapters.data_keys import DataKey, DataKeys, current
from services.customer.adapters.reindexing import Reindexing
from services.customer.adapters.resealing import Resealing

SETTLING = timedelta(minutes=2)  # longer than any transaction that began before a rotation
PASSES = 50
PAUSE = 0.2  # seconds, for whoever works on the rows that are left


@dataclass(frozen=True)
class Desk:
    """What the command works with; *uses* counts what each key has sealed."""

    keys: DataKeys
    uses: Callable[[], Mapping[str, int]]
    resealing: Resealing
    reindexing: Reindexing


def run(argv: Sequence[str], desk: Desk) -> int:
    """The exit code of `keys argv`: 0 done, 1 refused or not all of it, 2 misused."""
    asked = arguments().parse_args(argv)
    commands: dict[str, Callable[[], int]] = {
        "list": lambda: list_keys(desk),
        "rotate": lambda: rotate(desk),
        "reseal": lambda: reseal(desk),
        "reindex": lambda: 0 if desk.reindexing.run() else 1,
        "retire": lambda: retire(desk, asked.key_id),
        "rewrap": lambda: rewrap(desk),
    }
    return commands[asked.command]()


def list_keys(desk: Desk) -> int:
    used = desk.uses()
    keys = desk.keys.all()
    for key in keys:
        print(
            key.key_id,
            key.algorithm,
            f"wrapped by {key.kek_id}",
            f"since {key.created_at:%Y-%m-%d %H:%M:%S}",
            f"{used.get(key.key_id, 0)} sealed",
            state_of(key, keys),
            sep="\t",
        )
    for unknown in sorted(used.keys() - {key.key_id for key in keys}):
        print(unknown or "in clear", "-", "-", "-", f"{used[unknown]} to reseal", sep="\t")
    return 0


def state_of(key: DataKey, keys: Sequence[DataKey]) -> str:
    if key == current(keys):
        return "current"
    return f"retired {key.retired_at:%Y-%m-%d}" if key.retired_at else "opens"


def rotate(desk: Desk) -> int:
    desk.keys.all()  # so that there is something to turn from
    print(f"{desk.keys.rotate()} is current; now reseal")
    return 0


def reseal(desk: Desk) -> int:
    """As often as somebody was working on what is left, within reason."""
    for _ in range(PASSES):
        desk.resealing.run()
        if not desk.resealing.left():
            print("everything is sealed with the current key")
            return 0
        threading.Event().wait(PAUSE)
    print(f"{desk.resealing.left()} rows are left; start it again")
    return 1


def retire(desk: Desk, key_id: str) -> int:
    refusal = why_not(desk, key_id)
    if refusal:
        print(f"{key_id} is not retired: {refusal}")
        return 1
    desk.keys.retire(key_id)
    print(f"{key_id} is retired")
    return 0


def why_not(desk: Desk, key_id: str) -> str:
    keys = {key.key_id: key for key in desk.keys.all()}
    newest = current(list(keys.values()))
    if key_id not in keys:
        return "there is no such key"
    if key_id == newest.key_id:
        return "it is the current one; rotate first"
    if desk.keys.now() - newest.created_at < SETTLING:
        return f"what began before the rotation may still use it; wait {SETTLING}"
    used = desk.uses().get(key_id, 0)
    return f"{used} texts are sealed with it; reseal first" if used else ""


def rewrap(desk: Desk) -> int:
    print(f"{desk.keys.rewrap()} keys wrapped anew")
    return 0


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m services.customer keys")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="each key, and how much it has sealed")
    commands.add_parser("rotate", help="make a new current key")
    commands.add_parser("reseal", help="seal with it what older keys sealed")
    commands.add_parser("reindex", help="make the blind index anew with the current index key")
    commands.add_parser("retire", help="a key that nothing uses").add_argument("key_id")
    commands.add_parser("rewrap", help="wrap all keys with the current master key")
    return parser
