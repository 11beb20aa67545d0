"""Hints for front-ends that something changed, as server-sent events."""
