"""Recordings, their evidence, and how long it is kept."""
