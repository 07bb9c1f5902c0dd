"""The command line: one module per command; a command's module is imported when it is called."""
