"""Our figures for a person's own assistant: read only, by the Model Context Protocol."""
