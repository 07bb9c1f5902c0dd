"""The object store: its contract, over S3 and in memory."""
