"""What is kept: hashes, results, stored heat maps."""
