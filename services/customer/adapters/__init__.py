"""PostgreSQL, encryption, spreadsheets and the words of the contracts."""
