"""How any table is made and set: columns declared once, units in headings, decimals alike, one mark per row."""
