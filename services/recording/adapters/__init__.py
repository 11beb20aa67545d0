"""PostgreSQL, the object store and the words of the contracts."""
