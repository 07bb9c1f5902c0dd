"""A folder of files: it is next to the package on the path, and its common name must not hide anybody's module."""

msg = "include/live is a folder of files, not a package; the project's one package is executive_suite"
raise ImportError(msg)
