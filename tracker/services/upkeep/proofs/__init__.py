"""What strangers can check: comparisons, proofs, keys and witnesses."""
