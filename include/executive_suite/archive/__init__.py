"""Documents kept: exact keys, editions, bundles, verification."""
