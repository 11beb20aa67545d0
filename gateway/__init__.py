"""The only door for people and front-ends: REST on the outside, gRPC on the inside."""
