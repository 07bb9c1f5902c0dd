"""GnuCash's book: what it holds, and the two ways in which it is kept."""
