"""Executive Suite: business records in, eight reports out, each archived, sent once and proven."""

__version__ = "0.2.0"
