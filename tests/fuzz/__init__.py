"""A fuzzer of all formats and containers: sound files made here, damaged in known ways."""
