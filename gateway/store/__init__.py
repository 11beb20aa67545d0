"""What the gateway keeps: its trail and its mailbox, in a database of its own."""
