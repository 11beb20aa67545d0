"""What a system outside the suite does to live from its events: docs/consuming.md."""
