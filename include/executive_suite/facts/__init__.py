"""What the layers hand on: facts with their measures and definitions, findings, and the figures of a run."""
