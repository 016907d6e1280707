"""Residua's engine: examines photographs for generator traces; a library without a window."""

__version__ = "0.1.0"
