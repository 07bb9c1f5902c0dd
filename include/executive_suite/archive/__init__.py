"""Documents in storage: exact keys, editions, bundles, verification."""
