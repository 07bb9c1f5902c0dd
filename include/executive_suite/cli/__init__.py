"""The command line: one module a command; the options that read data share ``data_options``."""
