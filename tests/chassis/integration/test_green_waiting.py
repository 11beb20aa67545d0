"""psycopg under eventlet: answers of any size, sessions that end, and statements that are slow."""

import os
import subprocess
import sys

from tests.chassis.stage import ROOT, Stage

PREPARE = """
from chassis import eventlet_first; eventlet_first.patch()
import sys, eventlet, psycopg
from chassis.outbox import conninfo
def connect(): return psycopg.connect(conninfo(sys.argv[1]), autocommit=True)
"""

LARGE = """
letters = "理" * 5_000_000
answer = connect().execute("SELECT %s || %s", [letters, letters]).fetchone()[0]
print(len(answer), answer == letters * 2)
"""

PIPELINE = """
with connect() as session, session.cursor() as cursor:
    cursor.execute("CREATE TEMPORARY TABLE heard (number int, said text)")
    cursor.executemany("INSERT INTO heard VALUES (%s, %s)", [(n, "x" * 500) for n in range(5000)])
    print(cursor.execute("SELECT count(*), sum(number) FROM heard").fetchone())
"""

ENDED = """
session = connect()
slow = eventlet.spawn(session.execute, "SELECT pg_sleep(60)")
eventlet.sleep(0)
connect().execute("SELECT pg_terminate_backend(%s)", [session.info.backend_pid])
try:
    slow.wait()
except psycopg.OperationalError as error:
    print(error.sqlstate, session.closed)
"""

TWO = """
order = []
def ask(seconds):
    connect().execute("SELECT pg_sleep(%s)", [seconds]); order.append(seconds)
asking = [eventlet.spawn(ask, seconds) for seconds in (1.0, 0.1)]
for each in asking: each.wait()
print(order)
"""


def said(code: str, stage: Stage) -> str:
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PREPARE + code, stage.database_url],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def test_what_is_sent_and_what_comes_back_may_be_larger_than_a_socket_holds(stage: Stage) -> None:
    assert said(LARGE, stage) == "10000000 True"


def test_many_statements_may_be_on_their_way_at_once(stage: Stage) -> None:
    assert said(PIPELINE, stage) == "(5000, 12497500)"


def test_a_session_that_is_ended_while_it_works_is_an_outage(stage: Stage) -> None:
    assert said(ENDED, stage) == "57P01 True"


def test_a_slow_statement_does_not_hold_up_another(stage: Stage) -> None:
    assert said(TWO, stage) == "[0.1, 1.0]"
