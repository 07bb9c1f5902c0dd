"""How the rows of reports make entries, accounts and totals: one module per layout."""
