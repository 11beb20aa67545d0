"""`keys`: the keys of personal data, changed while the service is running."""

import argparse
import os
import threading
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from chassis.sealing.algorithm import Algorithm
from chassis.sealing.data_keys import DataKey, DataKeys, current
from chassis.sealing.resealing import Resealing

SETTLING = timedelta(minutes=2)  # longer than any transaction that began before a rotation
PASSES = 50
PAUSE = 0.2  # seconds, for whoever works on the rows that are left


@dataclass(frozen=True)
class Desk:
    """What the command works with; *uses* counts what each key has sealed.

    *reindex* makes the blind index anew, where there is one; False when some was left.
    """

    program: str
    keys: DataKeys
    uses: Callable[[], Mapping[str, int]]
    resealing: Resealing
    reindex: Callable[[], bool] | None = None


def run(argv: Sequence[str], desk: Desk) -> int:
    """The exit code of `keys argv`: 0 done, 1 refused or not all of it, 2 misused."""
    asked = arguments(desk).parse_args(argv)
    commands: dict[str, Callable[[], int]] = {
        "status": lambda: list_keys(desk),
        "list": lambda: list_keys(desk),
        "new-master": new_master,
        "rotate": lambda: rotate(desk),
        "reseal": lambda: reseal(desk),
        "reindex": lambda: 0 if desk.reindex is None or desk.reindex() else 1,
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


def new_master() -> int:
    """For the configuration of every process, in front of those that are there."""
    print(b64encode(os.urandom(Algorithm.AES_256_GCM.key_bytes)).decode())
    return 0


def arguments(desk: Desk) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(f"{desk.program} keys")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("status", help="each key, and how much it has sealed", aliases=["list"])
    commands.add_parser("new-master", help="print a master key nobody has")
    commands.add_parser("rotate", help="make a new current key")
    commands.add_parser("reseal", help="seal with it what older keys sealed, or nothing yet")
    if desk.reindex is not None:
        commands.add_parser("reindex", help="make the blind index anew with the current index key")
    commands.add_parser("retire", help="a key that nothing uses").add_argument("key_id")
    commands.add_parser("rewrap", help="wrap all keys with the current master key")
    return parser
