from tests.chassis.stage import running, stage
from tests.chassis.trails import trail

__all__ = ["running", "stage", "trail"]
