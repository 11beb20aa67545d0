"""gRPC and events."""
