"""How any table is set, whoever's report it stands in: length, units at heads, money alike, one mark a row."""
