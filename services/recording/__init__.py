"""Dual recordings (双录): sessions, evidence, retention."""
