"""Whether a client may be sold a product: profiles, rules, decisions, receipts."""
