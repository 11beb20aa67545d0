"""What can be done with leads and sales."""
