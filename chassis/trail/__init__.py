"""The trail: who did, saw or was refused what, when; append-only, chained, without personal data.

A use case records what the rows it changes do not tell:

work.record(Entry(action="customer.unmasked", subject=customer_id, purpose="service"))
"""

from chassis.trail.entry import Entry, Outcome, code

__all__ = ["Entry", "Outcome", "code"]
