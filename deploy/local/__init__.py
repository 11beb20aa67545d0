"""The whole suite on one machine, with servers of its own."""
