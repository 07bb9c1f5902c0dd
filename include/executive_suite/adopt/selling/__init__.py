"""What a payment processor or a platform says, as entries: sales gross, what it kept, and what it paid out."""
