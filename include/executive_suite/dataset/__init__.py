"""The frozen dataset of a run: typed, checked, as known then, reconciled."""
