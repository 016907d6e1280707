"""A scan of very many files, killed and resumed, with its memory watched."""
