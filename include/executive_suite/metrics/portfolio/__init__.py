"""Metrics of client contracts: billing gaps, recurring revenue, renewals, churn and the economics of the work.

A contract belongs to the entity that bills it: the one of its invoices, revenue schedules or ledger lines. When all
contracts whose biller is known share one, it bills the others too; otherwise those stand in the group's figures only.
"""
