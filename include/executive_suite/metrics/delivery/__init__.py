"""Metrics of delivery jobs: register, crew and capacity, job costs, billing, punctuality, idle captains.

A job belongs to the entity of its booking, else of the ledger lines that name it as their project; when all jobs whose
entity is known share one, it has the others too. Crew belongs to that one entity; with several, to the group only.
"""
