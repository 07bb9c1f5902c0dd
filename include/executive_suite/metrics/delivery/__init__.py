"""Metrics of delivery jobs: register, crew and capacity, job costs, billing, punctuality, idle captains.

A job belongs to the entity of its booking, else of the ledger lines that name it as their project. If all known owners
are one entity, the other jobs are its too, and so is the crew; with several owners the crew is the group's.
"""
