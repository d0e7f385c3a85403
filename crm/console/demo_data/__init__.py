"""Demo data in and out again: what a loading made is kept as ranges of ids, and exactly that is removed."""
