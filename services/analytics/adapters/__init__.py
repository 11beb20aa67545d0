"""PostgreSQL and the words of the contracts."""
