"""OFX: its tags, its values, and what a statement's lines prove of each other."""
