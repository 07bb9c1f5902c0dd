"""A run, one module per step, composed from the other packages; DAG tasks and commands call these."""
