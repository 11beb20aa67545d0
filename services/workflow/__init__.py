"""Leads and sales: what happens between a first contact and confirmed shares."""
