"""What a new user can look at and run."""
