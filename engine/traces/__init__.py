"""Facts and classic forensic traces, one file a method; `inspection.ANALYSERS` is the one list."""
