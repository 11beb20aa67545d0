"""make faults: break one thing after the other while events flow, and count what became of them.

ARGS names faults by a part of their title.
"""

import os
import sys
from collections.abc import Sequence
from time import monotonic

from sqlalchemy import make_url

os.environ.setdefault("LEDGER_DEATHS", "6")  # a broker that is killed hands out again, too

from deploy.local.say import say
from tests.chassis.stage import Stage
from tests.faults.faults import FAULTS
from tests.faults.proxy import Proxy
from tests.faults.scene import Outcome, Scene
from tests.faults.servers import Servers, started

COLUMNS = ("sent", "applied", "missing", "doubled", "out_of_order", "dead", "guilty")


def main(wanted: Sequence[str]) -> int:
    chosen = [title for title in FAULTS if not wanted or any(word in title for word in wanted)]
    with started() as servers:
        say(line("", COLUMNS))
        outcomes = [play(title, number, servers) for number, title in enumerate(chosen)]
    wrong = [outcome.fault for outcome in outcomes if not outcome.good]
    say(f"\nWrong: {', '.join(wrong)}" if wrong else "\nNothing missing, doubled or out of order")
    return 1 if wrong or not outcomes else 0


def play(title: str, number: int, servers: Servers) -> Outcome:
    """A line of the table, when everything has come to rest."""
    began = monotonic()
    amqp_url = servers.vhost(f"fault-{number}")
    proxy = Proxy(servers.broker_port)
    near = make_url(amqp_url).set(port=proxy.port).render_as_string(hide_password=False)
    stage = Stage(servers.database(f"fault_{number}"), amqp_url)
    scene = Scene(stage, through=near, proxy=proxy)
    try:
        scene.begin()
        with scene.load():
            FAULTS[title](scene, servers)
        scene.settle()
        outcome = scene.outcome(title)
    finally:
        stage.close()
        proxy.close()
    counted = [str(getattr(outcome, column)) for column in COLUMNS]
    verdict = "ok" if outcome.good else "WRONG"
    say(f"{line(title, counted)}  {verdict}  {monotonic() - began:.0f} s")
    return outcome


def line(title: str, cells: Sequence[str]) -> str:
    return f"{title:<32}" + "".join(f"{cell.replace('_', ' '):>14}" for cell in cells)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
