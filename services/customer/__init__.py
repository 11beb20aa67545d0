"""People and households, KYC, facts and holdings: the 360° view."""
