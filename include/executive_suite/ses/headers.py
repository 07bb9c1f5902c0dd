"""Headers of our own that come back in the events of SES."""

DELIVERY_HEADER = "X-Executive-Suite-Delivery"
"""Names the delivery and its generation."""
