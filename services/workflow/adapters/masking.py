"""What of account data is shown to somebody whose work needs none."""

HIDDEN = "****"


def mask_reference(reference: str) -> str:
    """****6205, and nothing of a short one."""
    return HIDDEN + reference[-4:] if len(reference) > 8 else HIDDEN
