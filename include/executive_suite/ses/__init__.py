"""Amazon SES: the one call, its failures, its events, its pace."""
