"""What lists and boards of tickets narrow by."""
