"""gRPC, events and the timer."""
