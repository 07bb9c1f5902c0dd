"""The statements an accountant expects, from ledger and documents: each ties to the others, or says by how much.

``report.statements`` gives them all, cell by cell; ``docs/statements.md`` says what lines and periods mean.
"""
