"""What an event of another service changes in the read models."""
