"""The ledger of a run as a small table of sums, for ledgers of any size; ``book`` is the public face.

A ledger may have ten million lines. Plain rows or a pandas group per metric would take minutes and gigabytes, so this
package, and no other, works on whole columns as numbers, block by block (``lines``, ``sums``, ``months``). Measured by
``bench/metrics_ten_million.py``: at most 1.5 times DuckDB for the same figures and checks, and at most 2 GiB.
"""
