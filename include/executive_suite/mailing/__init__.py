"""Getting a report to its reader, at most once without a human's word."""
