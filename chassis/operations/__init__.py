"""What operations do with a service's events: its dead letters, and replays of its log."""
