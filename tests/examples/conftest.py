from tests.chassis.stage import stage

__all__ = ["stage"]
