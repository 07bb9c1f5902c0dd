"""Our own headers that SES events return."""

DELIVERY_HEADER = "X-Executive-Suite-Delivery"
"""Holds the delivery id and its generation."""
