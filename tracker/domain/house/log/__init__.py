"""The log over all facts: its tree, its signed heads, and what is told of it."""
