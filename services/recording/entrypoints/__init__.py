"""gRPC, events and offline commands."""
