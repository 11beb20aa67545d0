"""What leads and sales are and which rules they keep."""
