"""Metrics of rented property: value, rent, upkeep, occupancy and season.

Which entity a figure belongs to comes from the data: an asset of class ``property`` belongs to its ``entity_id``, a
calendar or a lease to the entity of its asset. The group has every figure too, over all properties.
"""
