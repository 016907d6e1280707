"""The commands behind the command line; each returns its exit code."""
