import pytest

from services.workflow.adapters.masking import mask_reference


@pytest.mark.parametrize(
    ("reference", "shown"),
    [
        ("PAY-2026-0123456205", "****6205"),
        ("123456789", "****6789"),
        ("12345678", "****"),
        ("1", "****"),
    ],
)
def test_of_a_payment_reference_the_end_is_shown(reference: str, shown: str) -> None:
    assert mask_reference(reference) == shown
