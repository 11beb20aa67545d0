"""How often a process that answers, or applies events, looks for unreachable cycles."""

import gc

YOUNG, OLDER, OLDEST = 20_000, 20, 20


def settle() -> None:
    """Once everything is loaded: what is there now is never looked through again.

    A list of fifty, or a batch of a hundred events, makes thousands of short-lived objects; by
    default each would start several searches through all that the process holds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, OLDEST)
