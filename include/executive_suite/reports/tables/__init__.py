"""Tables: columns declared once, units in headings, equal decimals, one mark per row."""
