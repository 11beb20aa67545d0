"""PostgreSQL, the words of the contracts, and the packs beside the code."""
