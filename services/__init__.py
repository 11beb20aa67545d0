"""The six services; each owns one concern and its data."""
