"""What the input tables are: names, types, keys, and the words for what is wrong with a row."""
