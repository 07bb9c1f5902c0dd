"""What a bank's table says: whose account it is of, which rows are booked, and which sign is money received."""
