"""Metrics of client contracts: billing gaps, recurring revenue, renewals, churn and the economics of the work.

A contract belongs to the entity that bills it: that of its invoices, else of its revenue schedule, else of its ledger
lines. When all contracts with a known biller share one, it bills the others too; otherwise those count only in the
group's figures.
"""
