"""What is counted, and how it adds up whatever the order it is told in."""
