"""Delivery guarantees and process plumbing shared by all services. Knows no business word."""
