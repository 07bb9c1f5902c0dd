"""The steps of a run, composed from the other packages; what DAG tasks and commands call."""
