"""Facts and classic forensic traces, one file a method."""
