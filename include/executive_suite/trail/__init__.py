"""The audit trail: events in hash chains, sealed, copied, exported, verified."""
