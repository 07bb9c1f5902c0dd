"""What the product knows of SES: one call, its failures, its events, its pace."""
