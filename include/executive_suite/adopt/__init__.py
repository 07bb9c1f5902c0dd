"""A group's folder from the files that people have: exports of bookkeeping programs, banks, shops and tools."""
