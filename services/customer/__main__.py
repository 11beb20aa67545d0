"""python -m services.customer: rpc | events | relay | migrate | dead-letters."""

import sys

from chassis.main import run
from services.customer.bootstrap import SERVICE

if __name__ == "__main__":
    sys.exit(run(SERVICE, sys.argv[1:]))
