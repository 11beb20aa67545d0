"""What can be done with profiles and decisions."""
