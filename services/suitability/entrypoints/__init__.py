"""gRPC, events and the offline commands."""
