"""The sample group: records of a small set of businesses, made from stated assumptions, the same bytes each time."""
