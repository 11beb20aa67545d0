"""Dashboards: read models fed by events alone."""
