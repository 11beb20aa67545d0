"""A client book: what a messy spreadsheet says, cleaned cell by cell."""
