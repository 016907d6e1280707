"""Decoding of untrusted files, and pictures for looking at."""
