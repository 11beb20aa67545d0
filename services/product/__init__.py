"""The product catalogue: terms, risk ratings, net asset values."""
