"""python -m services.suitability: rpc | events | relay | migrate | decide | verify …"""

import sys

from chassis.main import run
from services.suitability.bootstrap import SERVICE

if __name__ == "__main__":
    sys.exit(run(SERVICE, sys.argv[1:]))
