"""What every operation gets without declaring it: a guard against stale changes, a batch."""

from collections.abc import Iterable
from dataclasses import replace

from gateway.batches import batch_of
from gateway.operation import Operation


def completed(declared: Iterable[Operation]) -> tuple[Operation, ...]:
    """The declared operations, and what follows from them."""
    single = tuple(declared)
    operations = (*single, *(batch_of(one) for one in single if one.bulk))
    versioned = {one.path: one for one in operations if one.reads and one.etag}
    return tuple(replace(one, guards=guarded(one, versioned)) for one in operations)


def guarded(operation: Operation, versioned: dict[str, Operation]) -> str:
    """A change below the address of something with a version, answered by the same service."""
    if operation.reads or operation.batch_of:
        return ""
    above = [
        one
        for path, one in versioned.items()
        if one.tag == operation.tag and f"{operation.path}/".startswith(f"{path}/")
    ]
    return max(above, key=lambda one: len(one.path)).path_parameters[-1] if above else ""
