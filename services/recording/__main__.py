"""python -m services.recording: rpc | events | relay | migrate | retention | bucket | …"""

import sys

from chassis.main import run
from services.recording.bootstrap import SERVICE

if __name__ == "__main__":
    sys.exit(run(SERVICE, sys.argv[1:]))
