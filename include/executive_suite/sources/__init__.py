"""Where records come from: files, buckets, databases and plain-text journals, read as they are."""
