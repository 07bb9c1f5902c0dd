"""Events in hash chains: written, sealed, copied, exported, verified."""
