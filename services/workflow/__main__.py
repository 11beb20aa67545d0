"""python -m services.workflow: rpc | events | relay | migrate | dead-letters."""

import sys

from chassis.main import run
from services.workflow.bootstrap import SERVICE

if __name__ == "__main__":
    sys.exit(run(SERVICE, sys.argv[1:]))
