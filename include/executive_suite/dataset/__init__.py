"""The frozen dataset of a run: typed, checked, as known at the cut-off, reconciled."""
