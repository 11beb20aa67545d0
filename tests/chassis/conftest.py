from tests.chassis.stage import running, stage

__all__ = ["running", "stage"]
