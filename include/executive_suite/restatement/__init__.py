"""What a later correction changed in figures already reported, and which rows did it."""
