"""bucket: make the evidence bucket, with credentials that may; the service's own need not."""

import sys
from collections.abc import Callable, Sequence

from chassis.config import ConfigurationError
from services.recording.adapters.bucket import Bucket, BucketUnfit, EvidenceAway, prepare

USAGE = "usage: python -m services.recording bucket"


class MakeBucket:
    """0 when the bucket is there and protects what is in it."""

    def __init__(self, bucket: Callable[[], Bucket]) -> None:
        self._bucket = bucket

    def __call__(self, argv: Sequence[str]) -> int:
        if argv:
            sys.stderr.write(f"{USAGE}\n")
            return 2
        try:
            bucket = self._bucket()
            prepare(bucket)
        except (ConfigurationError, BucketUnfit, EvidenceAway) as error:
            sys.stderr.write(f"recording: {error}\n")
            return 1
        sys.stdout.write(f"the bucket {bucket.name} keeps versions and takes locks\n")
        return 0
