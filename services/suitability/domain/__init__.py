"""Which rules apply to a sale, what they say, and what a client can bear."""
